import { expect, test } from 'vitest'
import { createEventRecorder } from './event-log.ts'
import type { ExpoServiceEvent } from './expo-service-event.ts'

const failed = (request: number): ExpoServiceEvent => ({
  type: 'ticket-error',
  token: 'ExponentPushToken[bob]',
  error: 'ExpoError',
  request,
  at: 0,
})

test('waiting resolves with the first later event that fits, not with an earlier one', async () => {
  const recorder = createEventRecorder({ historyLimit: 10 })
  recorder.record(failed(3))
  const next = recorder.log.waitFor('ticket-error', (event) => event.request > 2)
  recorder.record({ type: 'receipts', asked: [], ready: [], request: 4, at: 0 })
  recorder.record(failed(1))
  recorder.record(failed(5))
  recorder.record(failed(6))
  expect((await next).request).toBe(5)
})

test('whoever still waits when the service closes is told so by code', async () => {
  const recorder = createEventRecorder({ historyLimit: 10 })
  const waiting = recorder.log.waitFor('push')
  recorder.close()
  await expect(waiting).rejects.toMatchObject({ code: 'EXPO_SERVICE_CLOSED', waitedFor: 'push' })
  await expect(recorder.log.waitFor('request')).rejects.toMatchObject({
    code: 'EXPO_SERVICE_CLOSED',
  })
})

test('a wait that runs out names what came instead', async () => {
  const recorder = createEventRecorder({ historyLimit: 10 })
  recorder.record(failed(1))
  await expect(recorder.log.waitFor('push', undefined, { timeoutMs: 1 })).rejects.toMatchObject({
    code: 'WAIT_TIMED_OUT',
    seen: ['ticket-error'],
  })
})

test('the history keeps the newest events', () => {
  const recorder = createEventRecorder({ historyLimit: 2 })
  for (const request of [1, 2, 3]) recorder.record(failed(request))
  expect(recorder.log.ofType('ticket-error').map((event) => event.request)).toEqual([2, 3])
})
