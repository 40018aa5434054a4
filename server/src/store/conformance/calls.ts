import { expect } from 'vitest'
import { after, call, ended, incoming, numbered, ringTimeoutMs, t0 } from './samples.ts'
import { race, type StoreCases } from './store-lab.ts'

const later = t0 + 1_000_000

export const callCases: StoreCases = {
  'a call and its event are one write': async ({ store }) => {
    const ringing = call(1, { calleeIds: ['bob', 'carol'] })
    expect(await store.calls.insert(ringing, [incoming(ringing)])).toEqual({
      call: ringing,
      created: true,
    })
    expect(await store.calls.byId(ringing.call.sessionId)).toEqual(ringing)
    expect(await store.outbox.pending(later, 10)).toEqual([
      { source: 'call', sourceId: ringing.call.sessionId, event: incoming(ringing) },
    ])
    expect(await store.calls.byId('unknown')).toBeNull()
  },
  'of 50 calls to the same person at once, one rings and all are told that one': async ({
    store,
  }) => {
    const answers = await race((racer) => {
      const mine = call(racer, { openKey: 'alice>bob' })
      return store.calls.insert(mine, [incoming(mine)])
    })
    expect(answers.filter(({ created }) => created)).toHaveLength(1)
    expect(new Set(answers.map((answer) => answer.call.call.sessionId)).size).toBe(1)
    expect(await store.calls.due(later, 100)).toHaveLength(1)
    expect(await store.outbox.pending(later, 100)).toHaveLength(1)
  },
  'once the open call no longer rings, another one may be made': async ({ store }) => {
    const first = call(1, { openKey: 'alice>bob' })
    await store.calls.insert(first, [])
    await store.calls.compareAndSet(
      after(first, { type: 'cancel', userId: 'alice', atMs: t0 + 5 }),
      [],
    )
    expect(await store.calls.insert(call(2, { openKey: 'alice>bob' }), [])).toMatchObject({
      created: true,
    })
  },
  'the same insert again is safe': async ({ store }) => {
    const ringing = call(1)
    await store.calls.insert(ringing, [incoming(ringing)])
    expect(await store.calls.insert(ringing, [incoming(ringing)])).toEqual({
      call: ringing,
      created: false,
    })
    expect(await store.outbox.pending(later, 10)).toHaveLength(1)
  },
  'of 50 devices that accept at once, one does, and only its event is written': async ({
    store,
  }) => {
    const ringing = call(1)
    await store.calls.insert(ringing, [])
    const answers = await race((racer) => {
      const next = after(ringing, {
        type: 'accept',
        userId: 'bob',
        deviceId: `d${racer}`,
        atMs: t0 + 10,
      })
      return store.calls.compareAndSet(next, [
        { ...ended(next.call, 'accepted'), exceptDeviceId: `d${racer}` },
      ])
    })
    expect(answers.filter(Boolean)).toHaveLength(1)
    const winner = `d${answers.indexOf(true)}`
    const stored = await store.calls.byId(ringing.call.sessionId)
    expect(stored?.call).toMatchObject({
      state: 'accepted',
      revision: 1,
      callees: [{ deviceId: winner }],
    })
    const events = (await store.outbox.pending(later, 100)).map(({ event }) => event)
    expect(events).toMatchObject([{ type: 'CallEnded', exceptDeviceId: winner }])
  },
  'two callees who decline at once both leave their word: the loser of the race is told and tries again':
    async ({ store }) => {
      const ringing = call(1, { calleeIds: ['bob', 'carol'] })
      await store.calls.insert(ringing, [])
      const answers = await Promise.all(
        ['bob', 'carol'].map((userId) =>
          store.calls.compareAndSet(after(ringing, { type: 'decline', userId, atMs: t0 + 10 }), []),
        ),
      )
      expect(answers.filter(Boolean)).toHaveLength(1)
    },
  'a change to a call that is not there, or went on, changes nothing': async ({ store }) => {
    const ringing = call(1)
    const cancelled = after(ringing, { type: 'cancel', userId: 'alice', atMs: t0 + 10 })
    expect(await store.calls.compareAndSet(cancelled, [ended(cancelled.call, 'cancelled')])).toBe(
      false,
    )
    await store.calls.insert(ringing, [])
    expect(await store.calls.compareAndSet(cancelled, [])).toBe(true)
    expect(await store.calls.compareAndSet(cancelled, [ended(cancelled.call, 'cancelled')])).toBe(
      false,
    )
    expect(await store.outbox.pending(later, 10)).toEqual([])
  },
  'due are the ringing calls whose time is up, oldest first': async ({ store }) => {
    expect(await store.calls.nextDueMs()).toBeNull()
    for (const n of [30, 10, 20]) await store.calls.insert(call(n), [])
    const over = after(call(10), { type: 'cancel', userId: 'alice', atMs: t0 + 15 })
    await store.calls.compareAndSet(over, [])
    expect(await store.calls.nextDueMs()).toBe(t0 + 20 + ringTimeoutMs)
    const ids = async (nowMs: number, limit: number) =>
      (await store.calls.due(nowMs, limit)).map((due) => due.call.sessionId)
    expect(await ids(t0 + 20 + ringTimeoutMs - 1, 10)).toEqual([])
    expect(await ids(t0 + 20 + ringTimeoutMs, 10)).toEqual([numbered('s', 20)])
    expect(await ids(later, 10)).toEqual([numbered('s', 20), numbered('s', 30)])
    expect(await ids(later, 1)).toEqual([numbered('s', 20)])
  },
  'a ring’s end outlives a crash': async (lab) => {
    await lab.store.calls.insert(call(1), [])
    const store = await lab.crash()
    expect(await store.calls.nextDueMs()).toBe(t0 + 1 + ringTimeoutMs)
    expect(await store.calls.due(later, 10)).toEqual([call(1)])
  },
  'a person’s calls, as caller or callee, newest first': async ({ store }) => {
    await store.calls.insert(call(1), [])
    await store.calls.insert(call(2, { callerId: 'carol', calleeIds: ['dan', 'alice'] }), [])
    await store.calls.insert(call(3, { callerId: 'carol', calleeIds: ['dan'] }), [])
    await store.calls.compareAndSet(
      after(call(1), { type: 'cancel', userId: 'alice', atMs: t0 + 5 }),
      [],
    )
    const ids = async (state: string | null, limit = 10) =>
      (await store.calls.ofUser('alice', { state, limit })).map((each) => each.call.sessionId)
    expect(await ids(null)).toEqual([numbered('s', 2), numbered('s', 1)])
    expect(await ids('cancelled')).toEqual([numbered('s', 1)])
    expect(await ids('accepted')).toEqual([])
    expect(await ids(null, 1)).toEqual([numbered('s', 2)])
  },
}
