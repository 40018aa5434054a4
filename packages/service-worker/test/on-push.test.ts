import { expect, test } from 'vitest'
import { onPush } from '../src/on-push.ts'
import { writeClockOffset } from '../src/record.ts'
import {
  answerWith,
  app,
  chatPush,
  endPush,
  fakeWindow,
  fakeWorker,
  missedPush,
  nowSeconds,
  payloadPush,
  pushOf,
  ringPush,
} from './fake-worker.ts'

test('a ring shows who calls, stays until touched, and offers to answer before to decline', async () => {
  const { environment, shown } = fakeWorker()
  expect(await onPush(ringPush(), environment)).toBe('shown')
  expect(shown).toHaveLength(1)
  expect(shown[0]).toMatchObject({
    title: 'Ana is calling',
    settings: {
      body: 'Video call',
      tag: 'call-S',
      requireInteraction: true,
      renotify: true,
      silent: false,
      icon: '/icons/call.png',
      badge: '/icons/call.png',
      navigate: `${app}calls/incoming?sessionId=S`,
      data: { type: 'incoming_call', sessionId: 'S', navigate: `${app}calls/incoming?sessionId=S` },
    },
  })
  expect(shown[0]?.settings.actions?.map(({ action }) => action)).toEqual(['answer', 'decline'])
  expect(shown[0]?.settings).not.toHaveProperty('vibrate')
})

test('the push is over once it is shown: it does not wait for the server to take the receipt', async () => {
  const { environment } = fakeWorker()
  const unanswered = { ...environment, fetch: () => new Promise<never>(() => {}) }
  expect(await onPush(ringPush(), unanswered)).toBe('shown')
})

test('a chat message alerts again under the tag of its conversation, and its text stays text', async () => {
  const { environment, shown } = fakeWorker()
  await onPush(chatPush(), environment)
  expect(shown[0]).toMatchObject({
    title: 'Ana',
    settings: { body: '<b>hello</b>', tag: 'chat-C', renotify: true, actions: [] },
  })
})

test('the end of a call takes the place of its ring without a sound and without buttons', async () => {
  const { environment, standing } = fakeWorker()
  await onPush(ringPush(), environment)
  await onPush(endPush(), environment)
  expect(standing).toHaveLength(1)
  expect(standing[0]).toMatchObject({
    title: 'Answered on another device',
    settings: { silent: true, renotify: false, actions: [], requireInteraction: false },
  })
})

test('a missed call is told with a sound when nothing rang here', async () => {
  const { environment, shown } = fakeWorker()
  await onPush(missedPush(), environment)
  expect(shown[0]).toMatchObject({ title: 'Missed call from Ana', settings: { silent: false } })
})

test('a test of a call stays until touched and has no buttons', async () => {
  const { environment, shown } = fakeWorker()
  const data = { type: 'test', v: 1, id: 'd', receipt: 'r', ts: 1, exp: 2, kind: 'call' }
  const notification = {
    title: 'Test',
    body: '',
    navigate: `${app}settings/notification`,
    tag: 't',
  }
  await onPush(payloadPush({ ...notification, data }), environment)
  expect(shown[0]?.settings).toMatchObject({ requireInteraction: true, actions: [] })
})

test('a ring that comes after its time shows a missed call', async () => {
  const { environment, shown } = fakeWorker()
  const at = { ts: nowSeconds - 60, exp: nowSeconds - 30 }
  await onPush(ringPush(at), environment)
  expect(shown).toHaveLength(1)
  expect(shown[0]?.title).toBe('Missed call from Ana')
  expect(shown[0]?.settings.body).toMatch(/^\d\d:\d\d · Call back$/)
  expect(shown[0]?.settings).toMatchObject({
    actions: [],
    requireInteraction: false,
    silent: false,
  })
})

test('the missed call of the server is not heard a second time after a late ring told of it', async () => {
  const { environment, shown } = fakeWorker()
  await onPush(ringPush({ ts: nowSeconds - 60, exp: nowSeconds - 30 }), environment)
  await onPush(missedPush(), environment)
  expect(shown.map(({ settings }) => settings.silent)).toEqual([false, true])
})

test('a device whose clock is ahead rings all the same, once a page compared the clocks', async () => {
  const { environment, shown } = fakeWorker({ nowMs: (nowSeconds + 300) * 1000 })
  await writeClockOffset(environment.store, -300_000)
  await onPush(ringPush(), environment)
  expect(shown[0]?.title).toBe('Ana is calling')
})

test('a device whose clock is behind does not ring for a call that is over', async () => {
  const { environment, shown } = fakeWorker({ nowMs: (nowSeconds - 300) * 1000 })
  await onPush(chatPush(), environment)
  await onPush(ringPush({ ts: nowSeconds - 60, exp: nowSeconds - 30 }), environment)
  expect(shown[1]?.title).toBe('Missed call from Ana')
})

test('a ring that comes after the end of its call shows the end, not a ring', async () => {
  const { environment, standing } = fakeWorker()
  await onPush(endPush(), environment)
  standing[0]?.close()
  await onPush(ringPush(), environment)
  expect(standing).toHaveLength(1)
  expect(standing[0]).toMatchObject({
    title: 'Answered on another device',
    settings: { silent: true, actions: [] },
  })
})

test('an end that is told while the ring is being shown has the last word', async () => {
  const { environment, standing } = fakeWorker()
  await Promise.all([onPush(ringPush(), environment), onPush(endPush(), environment)])
  expect(standing).toHaveLength(1)
  expect(standing[0]?.title).toBe('Answered on another device')
})

test('a push without data, without JSON or of another product shows something all the same', async () => {
  for (const text of [null, 'hello', '{"aps":{}}', '{"web_push":8030}', '[]', 'null']) {
    const { environment, shown } = fakeWorker()
    expect(await onPush(pushOf(text), environment)).toBe('shown')
    expect(shown.map(({ title }) => title)).toEqual(['New notification'])
  }
})

test('a push of another product is left to a host app that asks for it', async () => {
  const { environment, shown } = fakeWorker({ foreignPushes: 'leave' })
  expect(await onPush(pushOf('{"aps":{}}'), environment)).toBe('left_to_host')
  expect(await onPush(ringPush(), environment)).toBe('shown')
  expect(shown.map(({ title }) => title)).toEqual(['Ana is calling'])
})

test('a declarative push that WebKit hands over is read from its notification', async () => {
  const { environment, shown } = fakeWorker({ isWebKit: true })
  const { notification } = JSON.parse(ringPush().data?.text() ?? '')
  await onPush({ data: null, notification }, environment)
  expect(shown[0]).toMatchObject({
    title: 'Ana is calling',
    settings: { navigate: `${app}calls/incoming?sessionId=S` },
  })
})

test('when the browser refuses an option, the push is shown plainly', async () => {
  const { environment, shown } = fakeWorker({
    refuse({ settings }) {
      if (settings.actions) throw new TypeError('no actions here')
    },
  })
  expect(await onPush(ringPush(), environment)).toBe('shown')
  expect(shown).toHaveLength(1)
  expect(shown[0]).toMatchObject({ title: 'Ana is calling', settings: { tag: 'call-S' } })
})

test('when the browser refuses even that, a generic text is shown', async () => {
  const { environment, shown } = fakeWorker({
    refuse({ title }) {
      if (title === 'Ana is calling') throw new TypeError('not this title')
    },
  })
  await onPush(ringPush(), environment)
  expect(shown.map(({ title }) => title)).toEqual(['New notification'])
})

test('a browser that shows nothing at all gets no receipt, and nothing is thrown', async () => {
  const { environment, requests } = fakeWorker({
    refuse() {
      throw new TypeError('No notification permission has been granted for this origin.')
    },
  })
  expect(await onPush(ringPush(), environment)).toBe('failed')
  expect(requests).toEqual([])
})

test('the receipt goes out after the notification stands, never before', async () => {
  const { environment, shown, requests } = fakeWorker({
    answer() {
      expect(shown).toHaveLength(1)
      return answerWith(204, null)
    },
  })
  await onPush(ringPush(), environment)
  expect(requests).toEqual([
    { path: '/api/push-receipts', body: { receipt: 'receipt-1', event: 'shown' } },
  ])
})

test('a receipt that cannot be sent does not take the notification back', async () => {
  const { environment, shown } = fakeWorker({ answer: () => new TypeError('Failed to fetch') })
  expect(await onPush(ringPush(), environment)).toBe('shown')
  expect(shown).toHaveLength(1)
})

test('an address outside of the app is replaced by the root of the app', async () => {
  for (const navigate of [
    'javascript:alert(1)',
    '//evil.example/',
    'https://evil.example/chats/C',
  ]) {
    const { environment, shown } = fakeWorker()
    const data = { type: 'test', kind: 'message' }
    await onPush(payloadPush({ title: 'T', body: '', tag: 't', navigate, data }), environment)
    expect(shown[0]?.settings).toMatchObject({ navigate: app, data: { navigate: app } })
  }
})

test('a ring is left to a visible page that says that it rings', async () => {
  const page = fakeWindow({ takes: () => true })
  const { environment, shown, requests } = fakeWorker({ windows: [page] })
  expect(await onPush(ringPush(), environment)).toBe('left_to_page')
  expect(shown).toEqual([])
  expect(page.messages).toEqual([
    { type: 'incoming_call_push', sessionId: 'S', exp: nowSeconds + 30 },
  ])
  expect(requests).toMatchObject([{ body: { event: 'shown' } }])
})

test('a ring is shown when the visible page does not answer within 500 ms', async () => {
  const page = fakeWindow()
  const { environment, shown } = fakeWorker({ windows: [page], elapsedMs: [500] })
  expect(await onPush(ringPush(), environment)).toBe('shown')
  expect(page.messages).toHaveLength(1)
  expect(shown).toHaveLength(1)
})

test('a page that nobody sees is not asked', async () => {
  const page = fakeWindow({ isVisible: false, takes: () => true })
  const { environment, shown } = fakeWorker({ windows: [page] })
  await onPush(ringPush(), environment)
  expect(page.messages).toEqual([])
  expect(shown).toHaveLength(1)
})

test('on WebKit nothing is left to a page: it would count as a silent push', async () => {
  const page = fakeWindow({ takes: () => true })
  const { environment, shown } = fakeWorker({ windows: [page], isWebKit: true })
  await onPush(ringPush(), environment)
  await onPush(chatPush(), environment)
  expect(page.messages).toEqual([])
  expect(shown).toHaveLength(2)
})

test('a chat message is left to the page that shows its conversation', async () => {
  const page = fakeWindow({
    takes: (message) => message.type === 'chat_push' && message.conversationId === 'C',
  })
  const { environment, shown } = fakeWorker({ windows: [page] })
  expect(await onPush(chatPush(), environment)).toBe('left_to_page')
  expect(shown).toEqual([])
})

test('a ring for a call that is over is never left to a page', async () => {
  const page = fakeWindow({ takes: () => true })
  const { environment, shown } = fakeWorker({ windows: [page] })
  await onPush(endPush(), environment)
  await onPush(ringPush({ id: 'late', exp: nowSeconds - 1 }), environment)
  expect(page.messages).toEqual([])
  expect(shown[0]?.title).toBe('Answered on another device')
})
