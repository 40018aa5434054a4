import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { reviveClient, type RevivableClient } from './revive-client.ts'

const server = { connectionId: 'db:27017' }
const stuckAfterMs = 15_000

/** Emits as the driver does, and writes down what it is told. */
function fakeClient(refusals = 0) {
  const events = new EventEmitter()
  const told: string[] = []
  let left = refusals
  const client: RevivableClient = {
    on: (name, listener) => events.on(name, listener),
    off: (name, listener) => events.off(name, listener),
    async connect() {
      told.push('connect')
      left -= 1
      if (left >= 0) throw new Error('nobody there')
    },
    async close() {
      told.push('close')
    },
  }
  return { events, told, client }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const log = { warn: () => {} }

test('a driver whose look at a server never ends is connected anew', async () => {
  const { events, told, client } = fakeClient()
  const stop = reviveClient({ client, log, stuckAfterMs })
  events.emit('serverHeartbeatStarted', server)
  await vi.advanceTimersByTimeAsync(stuckAfterMs)
  expect(told).toEqual(['close', 'connect'])
  await stop()
})

test('a driver that looks and finds nobody is left alone, for as long as that takes', async () => {
  const { events, told, client } = fakeClient()
  const stop = reviveClient({ client, log, stuckAfterMs })
  for (let looks = 0; looks < 100; looks += 1) {
    events.emit('serverHeartbeatStarted', server)
    await vi.advanceTimersByTimeAsync(4500)
    events.emit(looks % 2 === 0 ? 'serverHeartbeatFailed' : 'serverHeartbeatSucceeded', server)
    await vi.advanceTimersByTimeAsync(60_000)
  }
  expect(told).toEqual([])
  await stop()
})

test('a server that is away meanwhile is looked for until it is there', async () => {
  const { events, told, client } = fakeClient(3)
  const stop = reviveClient({ client, log, stuckAfterMs, pauseMs: 1000 })
  events.emit('serverHeartbeatStarted', server)
  await vi.advanceTimersByTimeAsync(stuckAfterMs + 10_000)
  expect(told.filter((what) => what === 'connect')).toHaveLength(4)
  await stop()
})

test('after its end nothing is connected any more', async () => {
  const { events, told, client } = fakeClient(Number.POSITIVE_INFINITY)
  const stop = reviveClient({ client, log, stuckAfterMs })
  events.emit('serverHeartbeatStarted', server)
  await vi.advanceTimersByTimeAsync(stuckAfterMs)
  await stop()
  const before = told.length
  events.emit('serverHeartbeatStarted', server)
  await vi.advanceTimersByTimeAsync(10 * stuckAfterMs)
  expect(told).toHaveLength(before)
})
