import { keepPendingAction } from '@belfry/service-worker/record'
import type { WorkerToPage } from '@belfry/contracts'
import { expect, test } from 'vitest'
import { createBelfry } from '../src/index.ts'
import { fakeBrowser, nowMs } from './fake-browser.ts'

function browser() {
  const fake = fakeBrowser()
  return { ...fake, belfry: createBelfry({ environment: fake.environment, getToken: () => null }) }
}

const click = {
  type: 'incoming_call_click',
  sessionId: 'S',
  callerUid: 'ana',
  action: 'answer',
} as const

test('a page that takes a click over says so on the port of the message', async () => {
  const { belfry, tell, log } = browser()
  const heard: WorkerToPage[] = []
  belfry.onWorkerMessage((message) => heard.push(message) > 0)
  expect(log).toEqual(['startMessages'])
  expect(await tell(click)).toEqual([{ type: 'ack' }])
  expect(heard).toEqual([click])
})

test('a page that declines stays silent, so that the worker acts by itself', async () => {
  const { belfry, tell } = browser()
  belfry.onWorkerMessage(async () => false)
  expect(await tell(click)).toEqual([])
})

test('a page that stopped listening hears nothing', async () => {
  const { belfry, tell } = browser()
  const stop = belfry.onWorkerMessage(() => true)
  stop()
  expect(await tell(click)).toEqual([])
})

test('messages of other workers, and paths out of the app, are not heard', async () => {
  const { belfry, tell } = browser()
  belfry.onWorkerMessage(() => true)
  for (const message of [
    null,
    'text',
    { type: 'workbox' },
    { type: 'incoming_call_click' },
    { type: 'notification_click', path: '//evil.example' },
    { type: 'notification_click', path: 'javascript:alert(1)' },
  ]) {
    expect(await tell(message)).toEqual([])
  }
  expect(await tell({ type: 'notification_click', path: '/chats/C' })).toHaveLength(1)
  expect(await tell({ type: 'incoming_call_push', sessionId: 'S', exp: 1 })).toHaveLength(1)
  expect(await tell({ type: 'chat_push', conversationId: 'C', messageId: 'M' })).toHaveLength(1)
  expect(await tell({ type: 'subscription_changed' })).toHaveLength(1)
})

test('what was chosen before the page was there is handed out once', async () => {
  const { belfry, environment } = browser()
  const choice = { sessionId: 'S', callerUid: 'ana', action: 'answer' } as const
  await keepPendingAction(environment.store, choice, nowMs)
  expect(await belfry.takePendingAction()).toEqual(choice)
  expect(await belfry.takePendingAction()).toBeNull()
})

test('a browser keeps one id, and an app may bring its own', async () => {
  const { belfry, environment } = browser()
  expect(await belfry.deviceId()).toBe('random-id')
  const later = { ...environment, randomId: () => 'another-id' }
  const again = createBelfry({ environment: later, getToken: () => null })
  expect(await again.deviceId()).toBe('random-id')
  const own = createBelfry({ environment, getToken: () => null, deviceId: 'own-id' })
  expect(await own.deviceId()).toBe('own-id')
})

test('where there are no workers, listening does nothing and breaks nothing', () => {
  const { environment } = fakeBrowser({ environment: { workers: null } })
  const belfry = createBelfry({ environment, getToken: () => null })
  expect(() => belfry.onWorkerMessage(() => true)()).not.toThrow()
})
