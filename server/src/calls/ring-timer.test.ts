import { startCall, step, type Call, type CallInput } from '@belfry/ring'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { silentLog } from '../../test/delivery/delivery-lab.ts'
import { createRingTimer } from './ring-timer.ts'
import type { StoredCall } from './stored-call.ts'

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => void vi.useRealTimers())

/** Calls as a store holds them: what outlives every process. */
function callStore() {
  const calls = new Map<string, StoredCall>()
  const effects: string[] = []
  const ringing = () => [...calls.values()].filter(({ call }) => call.state === 'ringing')
  return {
    calls,
    effects,
    add(sessionId: string, ringTimeoutMs: number): Call {
      const input = { callerId: 'ana', calleeIds: ['bob'], media: 'audio' } as const
      const started = startCall({ ...input, sessionId, atMs: Date.now(), ringTimeoutMs })
      if (started.kind === 'refused') throw new Error('no call')
      calls.set(sessionId, { call: started.call, callerName: 'Ana', openKey: sessionId })
      return started.call
    },
    due: async (nowMs: number) => ringing().filter(({ call }) => call.ringExpiresAtMs <= nowMs),
    nextDueMs: async () =>
      ringing().length === 0
        ? null
        : Math.min(...ringing().map(({ call }) => call.ringExpiresAtMs)),
    /** Compare-and-set: of two that step the same call, one wins. */
    async apply(sessionId: string, input: CallInput) {
      const stored = calls.get(sessionId)
      if (stored === undefined) return { kind: 'refused', code: 'CALL_NOT_FOUND' } as const
      const outcome = step(stored.call, input)
      if (outcome.kind === 'refused') return outcome
      await Promise.resolve()
      if (calls.get(sessionId) === stored && outcome.call !== stored.call) {
        calls.set(sessionId, { ...stored, call: outcome.call })
        effects.push(`${sessionId} ${outcome.call.state}`)
      }
      return { kind: 'refused', code: 'CALL_NOT_FOUND' } as const
    },
  }
}

const timerOf = (store: ReturnType<typeof callStore>) =>
  createRingTimer({ store, calls: { apply: store.apply }, now: Date.now, log: silentLog })

test('a ring ends at its moment: not before, and not a second late', async () => {
  const store = callStore()
  const timer = timerOf(store)
  timer.start()
  await vi.advanceTimersByTimeAsync(300)
  timer.expect(store.add('s', 30_000).ringExpiresAtMs)
  await vi.advanceTimersByTimeAsync(29_999)
  expect(store.effects).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(store.effects).toEqual(['s missed'])
  await timer.stop()
})

test('a call that another process began is found within a second of its end', async () => {
  const store = callStore()
  const timer = timerOf(store)
  timer.start()
  await vi.advanceTimersByTimeAsync(0)
  store.add('s', 5000)
  await vi.advanceTimersByTimeAsync(6000)
  expect(store.effects).toEqual(['s missed'])
  await timer.stop()
})

test('a ring that ran out while every process was down ends at the first look', async () => {
  const store = callStore()
  const before = timerOf(store)
  before.start()
  before.expect(store.add('s', 5000).ringExpiresAtMs)
  await before.stop()
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(store.effects).toEqual([])
  const after = timerOf(store)
  after.start()
  await vi.advanceTimersByTimeAsync(0)
  expect(store.effects).toEqual(['s missed'])
  expect(store.calls.get('s')?.call.endedAtMs).toBe(1_005_000)
  await after.stop()
})

test('two processes, one ring: it is missed once', async () => {
  const store = callStore()
  const timers = [timerOf(store), timerOf(store)]
  const { ringExpiresAtMs } = store.add('s', 5000)
  for (const timer of timers) {
    timer.start()
    timer.expect(ringExpiresAtMs)
  }
  await vi.advanceTimersByTimeAsync(20_000)
  expect(store.effects).toEqual(['s missed'])
  await Promise.all(timers.map((timer) => timer.stop()))
})

test('many rings end each at its own moment', async () => {
  const store = callStore()
  const timer = timerOf(store)
  timer.start()
  for (const seconds of [9, 5, 7])
    timer.expect(store.add(`s${seconds}`, seconds * 1000).ringExpiresAtMs)
  await vi.advanceTimersByTimeAsync(5000)
  expect(store.effects).toEqual(['s5 missed'])
  await vi.advanceTimersByTimeAsync(4000)
  expect(store.effects).toEqual(['s5 missed', 's7 missed', 's9 missed'])
  await timer.stop()
})

test('a store that is down delays the end and does not lose it', async () => {
  const store = callStore()
  let down = true
  const timer = createRingTimer({
    store: {
      due: async (nowMs) => {
        if (down) throw new Error('the disk')
        return store.due(nowMs)
      },
      nextDueMs: store.nextDueMs,
    },
    calls: { apply: store.apply },
    now: Date.now,
    log: silentLog,
  })
  timer.start()
  timer.expect(store.add('s', 5000).ringExpiresAtMs)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(store.effects).toEqual([])
  down = false
  await vi.advanceTimersByTimeAsync(1000)
  expect(store.effects).toEqual(['s missed'])
  await timer.stop()
})

test('once stopped it looks no more', async () => {
  const store = callStore()
  const timer = timerOf(store)
  timer.start()
  timer.expect(store.add('s', 5000).ringExpiresAtMs)
  await timer.stop()
  await vi.advanceTimersByTimeAsync(20_000)
  expect(store.effects).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
})
