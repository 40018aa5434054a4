import { expect, test } from 'vitest'
import { createEventRecorder } from './event-log.ts'
import type { PushServiceEvent } from './push-service-event.ts'

const nack = (code: number): PushServiceEvent => ({
  type: 'nack',
  uaid: 'alice',
  version: 'v',
  code,
  at: 0,
})

test('waiting resolves with the first later event that fits, not with an earlier one', async () => {
  const recorder = createEventRecorder({ historyLimit: 10 })
  recorder.record(nack(301))
  const next = recorder.log.waitFor('nack', (event) => event.code > 300)
  recorder.record({ type: 'hello', uaid: 'alice', known: true, at: 0 })
  recorder.record(nack(100))
  recorder.record(nack(302))
  recorder.record(nack(303))
  expect((await next).code).toBe(302)
})

test('whoever still waits when the service closes is told so by code', async () => {
  const recorder = createEventRecorder({ historyLimit: 10 })
  const waiting = recorder.log.waitFor('push')
  recorder.close()
  await expect(waiting).rejects.toMatchObject({ code: 'PUSH_SERVICE_CLOSED', waitedFor: 'push' })
  await expect(recorder.log.waitFor('ack')).rejects.toMatchObject({ code: 'PUSH_SERVICE_CLOSED' })
})

test('a wait that runs out names what came instead', async () => {
  const recorder = createEventRecorder({ historyLimit: 10 })
  recorder.record(nack(301))
  await expect(recorder.log.waitFor('push', undefined, { timeoutMs: 1 })).rejects.toMatchObject({
    code: 'WAIT_TIMED_OUT',
    seen: ['nack'],
  })
})

test('the history keeps the newest events', () => {
  const recorder = createEventRecorder({ historyLimit: 2 })
  for (const code of [1, 2, 3]) recorder.record(nack(code))
  expect(recorder.log.ofType('nack').map((event) => event.code)).toEqual([2, 3])
})
