import type { Call } from '@belfry/contracts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRing, type CallReply, type Ring, type RingApi } from './ring.ts'

const start = Date.parse('2026-11-21T10:00:00.000Z')

beforeEach(() => {
  vi.useFakeTimers({ now: start })
})
afterEach(() => {
  vi.useRealTimers()
})

function aCall(change: Partial<Call> = {}): Call {
  return {
    sessionId: 'call-1',
    state: 'ringing',
    callerId: 'ana',
    callerName: 'Ana Ferreira',
    calleeIds: ['bob'],
    callees: [{ id: 'bob', displayName: 'Bob', state: 'ringing' }],
    media: 'video',
    conversationId: null,
    startedAt: new Date(start).toISOString(),
    ringExpiresAt: new Date(start + 30_000).toISOString(),
    acceptedAt: null,
    endedAt: null,
    devices: { notified: 1, ringing: [] },
    serverTime: new Date(start).toISOString(),
    ...change,
  }
}

const unasked = (): Promise<CallReply> => Promise.resolve({ kind: 'unknown' })

function bobsRing(api: Partial<RingApi> = {}): Ring {
  return createRing({
    userId: 'bob',
    api: {
      ringing: () => Promise.resolve([]),
      find: unasked,
      accept: unasked,
      decline: unasked,
      cancel: unasked,
      end: unasked,
      ...api,
    },
    now: () => Date.now(),
    schedule(run, ms) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  })
}

test('a call for Bob rings, and counts down by the second', () => {
  const ring = bobsRing()
  ring.tell(aCall())
  expect(ring.snapshot().incoming).toMatchObject({ leftMs: 30_000, share: 1 })

  let changes = 0
  ring.subscribe(() => {
    changes += 1
  })
  vi.advanceTimersByTime(3000)
  expect(changes).toBe(3)
  expect(ring.snapshot().incoming?.leftMs).toBe(27_000)
  ring.close()
})

test('a device whose clock is two minutes slow counts by the server’s clock', () => {
  const ring = bobsRing()
  const ahead = 120_000
  ring.tell(
    aCall({
      startedAt: new Date(start + ahead - 10_000).toISOString(),
      ringExpiresAt: new Date(start + ahead + 20_000).toISOString(),
      serverTime: new Date(start + ahead).toISOString(),
    }),
  )
  expect(ring.snapshot().incoming?.leftMs).toBe(20_000)
  vi.advanceTimersByTime(20_000)
  expect(ring.snapshot().incoming).toBeNull()
  ring.close()
})

test('a ring that nobody ends stops by itself, and the server is asked once what became of it', async () => {
  const find = vi.fn(() =>
    Promise.resolve<CallReply>({ kind: 'call', call: aCall({ state: 'missed' }) }),
  )
  const ring = bobsRing({ find })
  ring.tell(aCall())
  await vi.advanceTimersByTimeAsync(30_000)
  expect(ring.snapshot().incoming).toBeNull()
  expect(find).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(find).toHaveBeenCalledTimes(1)
  expect(ring.snapshot().calls.get('call-1')?.state).toBe('missed')
  expect(vi.getTimerCount()).toBe(0)
  ring.close()
})

test('a call that was answered on another device stops ringing here', () => {
  const ring = bobsRing()
  ring.tell(aCall())
  ring.tell(
    aCall({ state: 'accepted', callees: [{ id: 'bob', displayName: 'Bob', state: 'accepted' }] }),
  )
  expect(ring.snapshot()).toMatchObject({ incoming: null, talking: null })
  ring.close()
})

test('news that arrives late does not make a dead call ring', () => {
  const ring = bobsRing()
  ring.tell(aCall({ state: 'cancelled' }))
  ring.tell(aCall())
  expect(ring.snapshot().incoming).toBeNull()
  expect(ring.snapshot().calls.get('call-1')?.state).toBe('cancelled')
  ring.close()
})

test('an older report of the same ring does not undo a newer one', () => {
  const ring = bobsRing()
  ring.tell(
    aCall({
      devices: { notified: 3, ringing: ['Firefox, Linux'] },
      serverTime: new Date(start + 500).toISOString(),
    }),
  )
  ring.tell(aCall())
  expect(ring.snapshot().incoming?.call.devices.notified).toBe(3)
  ring.close()
})

test('a call that Bob declined goes on for the others, and not for him', () => {
  const ring = bobsRing()
  ring.tell(
    aCall({
      calleeIds: ['bob', 'cyd'],
      callees: [
        { id: 'bob', displayName: 'Bob', state: 'declined' },
        { id: 'cyd', displayName: 'Cyd', state: 'ringing' },
      ],
    }),
  )
  expect(ring.snapshot().incoming).toBeNull()
  ring.close()
})

test('his own call does not ring at Bob', () => {
  const ring = bobsRing()
  ring.tell(
    aCall({
      callerId: 'bob',
      calleeIds: ['ana'],
      callees: [{ id: 'ana', displayName: 'Ana', state: 'ringing' }],
    }),
  )
  expect(ring.snapshot().incoming).toBeNull()
  ring.close()
})

test('a second call waits in a line while the first rings', () => {
  const ring = bobsRing()
  ring.tell(
    aCall({
      sessionId: 'call-2',
      callerId: 'cyd',
      startedAt: new Date(start + 2000).toISOString(),
    }),
  )
  ring.tell(aCall())
  expect(ring.snapshot().incoming?.call.sessionId).toBe('call-1')
  expect(ring.snapshot().waiting?.call.sessionId).toBe('call-2')
  ring.close()
})

test('a call that comes while Bob talks opens no dialog', async () => {
  const accepted = aCall({
    state: 'accepted',
    callees: [{ id: 'bob', displayName: 'Bob', state: 'accepted' }],
  })
  const ring = bobsRing({ accept: () => Promise.resolve({ kind: 'call', call: accepted }) })
  ring.tell(aCall())
  await ring.answer('call-1')
  ring.tell(aCall({ sessionId: 'call-2', callerId: 'cyd' }))
  expect(ring.snapshot().talking?.sessionId).toBe('call-1')
  expect(ring.snapshot().incoming).toBeNull()
  expect(ring.snapshot().waiting?.call.sessionId).toBe('call-2')
  ring.close()
})

test('an answer that came too late learns what became of the call', async () => {
  const taken = aCall({
    state: 'accepted',
    callees: [{ id: 'bob', displayName: 'Bob', state: 'accepted' }],
  })
  const ring = bobsRing({
    accept: () => Promise.resolve({ kind: 'refused' }),
    find: () => Promise.resolve({ kind: 'call', call: taken }),
  })
  ring.tell(aCall())
  expect(await ring.answer('call-1')).toEqual({ kind: 'refused' })
  expect(ring.snapshot()).toMatchObject({ incoming: null, talking: null, problem: null })
  ring.close()
})

test('without a server the call goes on ringing and says why', async () => {
  const ring = bobsRing({ decline: () => Promise.resolve({ kind: 'unreachable' }) })
  ring.tell(aCall())
  await ring.decline('call-1')
  expect(ring.snapshot().incoming?.call.sessionId).toBe('call-1')
  expect(ring.snapshot().problem?.text).toBe('The server did not answer. Try again.')
  ring.close()
})

test('pressing Answer twice answers once', async () => {
  const accept = vi.fn(() => new Promise<CallReply>(() => undefined))
  const ring = bobsRing({ accept })
  ring.tell(aCall())
  void ring.answer('call-1')
  expect(await ring.answer('call-1')).toEqual({ kind: 'refused' })
  expect(accept).toHaveBeenCalledTimes(1)
  expect(ring.snapshot().busy.has('call-1')).toBe(true)
  ring.close()
})

test('after a reconnect a ring that the server no longer lists is looked up', async () => {
  const ring = bobsRing({
    ringing: () => Promise.resolve([aCall({ sessionId: 'call-2', callerId: 'cyd' })]),
    find: () => Promise.resolve({ kind: 'call', call: aCall({ state: 'cancelled' }) }),
  })
  ring.tell(aCall())
  await ring.refetch()
  expect(ring.snapshot().incoming?.call.sessionId).toBe('call-2')
  ring.close()
})

test('a server that cannot be asked takes no ring away', async () => {
  const ring = bobsRing({ ringing: () => Promise.reject(new Error('no network')) })
  ring.tell(aCall())
  await ring.refetch()
  expect(ring.snapshot().incoming?.call.sessionId).toBe('call-1')
  ring.close()
})
