import { expect, test } from 'vitest'
import { onPush } from '../src/on-push.ts'
import { patientStore, type RecordStore } from '../src/record.ts'
import { claim } from '../src/seen-deliveries.ts'
import { chatPush, fakeWorker, nowSeconds, ringPush } from './fake-worker.ts'

test('five copies of one delivery leave one notification, alert once and are receipted once', async () => {
  const { environment, shown, standing, requests } = fakeWorker()
  for (let copy = 0; copy < 5; copy += 1) await onPush(ringPush(), environment)
  expect(standing).toHaveLength(1)
  expect(shown).toHaveLength(1)
  expect(requests).toHaveLength(1)
})

test('copies that arrive at the same moment alert once', async () => {
  const { environment, shown, standing } = fakeWorker()
  await Promise.all(Array.from({ length: 5 }, () => onPush(chatPush(), environment)))
  expect(standing).toHaveLength(1)
  expect(shown.filter(({ settings }) => !settings.silent)).toHaveLength(1)
})

test('a copy of what was waved away is shown again without a sound: a silent push would cost quota', async () => {
  const { environment, shown, standing } = fakeWorker()
  await onPush(chatPush(), environment)
  standing[0]?.close()
  expect(await onPush(chatPush(), environment)).toBe('shown')
  expect(shown[1]?.settings).toMatchObject({ silent: true, renotify: false, tag: 'chat-C' })
})

test('on WebKit a copy is shown again without a sound even while the first stands', async () => {
  const { environment, shown } = fakeWorker({ isWebKit: true })
  await onPush(chatPush(), environment)
  await onPush(chatPush(), environment)
  expect(shown.map(({ settings }) => settings.silent)).toEqual([false, true])
})

test('another message of the same conversation alerts again', async () => {
  const { environment, shown, standing } = fakeWorker()
  await onPush(chatPush('one'), environment)
  await onPush(chatPush('two'), environment)
  expect(shown.map(({ settings }) => settings.silent)).toEqual([false, false])
  expect(standing).toHaveLength(1)
})

test('a worker that was killed before it could show leaves the copy to alert', async () => {
  const { environment, shown } = fakeWorker()
  const delivery = { id: 'delivery-1', type: 'incoming_call' } as const
  await claim(environment.store, delivery, (nowSeconds - 11) * 1000)
  await onPush(ringPush(), environment)
  expect(shown[0]?.settings).toMatchObject({ silent: false, renotify: true })
})

test('a busy chat does not push a call out of what is remembered', async () => {
  const { environment, shown, standing } = fakeWorker()
  await onPush(ringPush(), environment)
  for (let message = 0; message < 300; message += 1) {
    await onPush(chatPush(`message-${message}`), environment)
  }
  while (standing.length > 0) standing[0]?.close()
  await onPush(ringPush(), environment)
  expect(shown.at(-1)?.settings).toMatchObject({ tag: 'call-S', silent: true })
})

test('at most 200 deliveries of a kind are remembered', async () => {
  const { environment } = fakeWorker()
  for (let message = 0; message < 250; message += 1) {
    await onPush(chatPush(`message-${message}`), environment)
  }
  const kept = await environment.store.read('seen-chat_message')
  expect(kept).toBeInstanceOf(Map)
  expect(kept).toHaveProperty('size', 200)
})

test('a broken database does not keep anybody from ringing', async () => {
  const failing: RecordStore = {
    read: () => Promise.reject(new DOMException('broken', 'UnknownError')),
    change: () => Promise.reject(new DOMException('broken', 'UnknownError')),
  }
  const { environment, shown } = fakeWorker()
  await onPush(ringPush(), { ...environment, store: patientStore(environment, failing) })
  expect(shown.map(({ title }) => title)).toEqual(['Ana is calling'])
})

test('a database that never answers does not keep anybody from ringing', async () => {
  const hanging: RecordStore = {
    read: () => new Promise(() => {}),
    change: () => new Promise(() => {}),
  }
  const { environment, shown } = fakeWorker({ elapsedMs: [1_000] })
  await onPush(ringPush(), { ...environment, store: patientStore(environment, hanging) })
  expect(shown.map(({ title }) => title)).toEqual(['Ana is calling'])
})
