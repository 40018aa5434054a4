import { expect } from 'vitest'
import { deliveryKey, t0 } from './samples.ts'
import { race, type StoreCases } from './store-lab.ts'

const leaseMs = 30_000
const now = { nowMs: t0, leaseMs }
const key = deliveryKey('x')

export const deliveryClaimCases: StoreCases = {
  'of 50 workers that claim a new delivery at once, one gets it': async ({ store }) => {
    const answers = await race(() => store.deliveries.claim(key, now))
    expect(answers.filter(({ kind }) => kind === 'claimed')).toEqual([
      { kind: 'claimed', attempt: 1 },
    ])
    expect(answers.filter(({ kind }) => kind === 'busy')).toHaveLength(49)
    expect(answers.find(({ kind }) => kind === 'busy')).toEqual({
      kind: 'busy',
      untilMs: t0 + leaseMs,
    })
  },
  'a claim whose lease ran out is taken over by one of 50': async ({ store }) => {
    await store.deliveries.claim(key, now)
    expect(await store.deliveries.claim(key, { nowMs: t0 + leaseMs - 1, leaseMs })).toMatchObject({
      kind: 'busy',
    })
    const answers = await race(() => store.deliveries.claim(key, { nowMs: t0 + leaseMs, leaseMs }))
    expect(answers.filter(({ kind }) => kind === 'claimed')).toEqual([
      { kind: 'claimed', attempt: 2 },
    ])
    expect(answers.filter(({ kind }) => kind === 'busy')).toHaveLength(49)
  },
  'a retry waits for its time, and then one of 50 gets it': async ({ store }) => {
    await store.deliveries.claim(key, now)
    await store.deliveries.settle(
      'x',
      { state: 'retry', reason: 'http_503', nextAttemptAtMs: t0 + 500 },
      t0 + 10,
    )
    expect(await store.deliveries.claim(key, { nowMs: t0 + 499, leaseMs })).toEqual({
      kind: 'waiting',
      untilMs: t0 + 500,
    })
    const answers = await race(() => store.deliveries.claim(key, { nowMs: t0 + 500, leaseMs }))
    expect(answers.filter(({ kind }) => kind === 'claimed')).toEqual([
      { kind: 'claimed', attempt: 2 },
    ])
  },
  'what is settled is never claimed again': async ({ store }) => {
    for (const state of ['accepted', 'gone', 'rejected', 'suppressed', 'expired'] as const) {
      await store.deliveries.claim(deliveryKey(state), now)
      expect(await store.deliveries.settle(state, { state }, t0 + 10)).toBe(true)
      const answer = await store.deliveries.claim(deliveryKey(state), {
        nowMs: t0 + 10 * leaseMs,
        leaseMs,
      })
      expect(answer).toEqual({ kind: 'settled', state })
    }
  },
  'of 50 who settle one delivery at once, one is told that it did, and its word stands': async ({
    store,
  }) => {
    await store.deliveries.claim(key, now)
    const answers = await race((racer) =>
      store.deliveries.settle('x', { state: 'accepted', location: `/${racer}` }, t0 + racer),
    )
    expect(answers.filter(Boolean)).toHaveLength(1)
    expect(await store.deliveries.byId('x')).toMatchObject({
      location: `/${answers.indexOf(true)}`,
    })
  },
  'a settlement after the end changes nothing': async ({ store }) => {
    await store.deliveries.claim(key, now)
    await store.deliveries.settle('x', { state: 'accepted', status: 201 }, t0 + 10)
    const accepted = await store.deliveries.byId('x')
    expect(
      await store.deliveries.settle('x', { state: 'retry', nextAttemptAtMs: t0 }, t0 + 20),
    ).toBe(false)
    expect(await store.deliveries.settle('x', { state: 'gone' }, t0 + 20)).toBe(false)
    expect(await store.deliveries.byId('x')).toEqual(accepted)
    expect(await store.deliveries.settle('unknown', { state: 'gone' }, t0)).toBe(false)
  },
  'what policy refused is final at once': async ({ store }) => {
    await store.deliveries.suppress(key, 'muted', t0)
    expect(await store.deliveries.claim(key, now)).toEqual({ kind: 'settled', state: 'suppressed' })
    expect(await store.deliveries.byId('x')).toMatchObject({
      reason: 'muted',
      attempts: 0,
      settledAtMs: t0,
    })
  },
  'a refusal by policy leaves a delivery alone that somebody is at, or that is final': async ({
    store,
  }) => {
    await store.deliveries.claim(key, now)
    await store.deliveries.suppress(key, 'muted', t0 + leaseMs - 1)
    expect(await store.deliveries.byId('x')).toMatchObject({ state: 'claimed', reason: null })
    await store.deliveries.settle('x', { state: 'accepted' }, t0 + 10)
    await store.deliveries.suppress(key, 'muted', t0 + 2 * leaseMs)
    expect(await store.deliveries.byId('x')).toMatchObject({ state: 'accepted', reason: null })
  },
  'a refusal by policy ends what waits for a retry, and what nobody is at any more': async ({
    store,
  }) => {
    await store.deliveries.claim(key, now)
    const retry = { state: 'retry', reason: 'http_503', nextAttemptAtMs: t0 + 500 } as const
    await store.deliveries.settle('x', retry, t0 + 10)
    await store.deliveries.suppress(key, 'muted', t0 + 20)
    const left = deliveryKey('left')
    await store.deliveries.claim(left, now)
    await store.deliveries.suppress(left, 'muted', t0 + leaseMs)
    for (const [id, settledAtMs] of [
      ['x', t0 + 20],
      ['left', t0 + leaseMs],
    ] as const) {
      const end = { state: 'suppressed', reason: 'muted', nextAttemptAtMs: null, settledAtMs }
      expect(await store.deliveries.byId(id)).toMatchObject({ ...end, attempts: 1 })
    }
    const later = { nowMs: t0 + 10 * leaseMs, leaseMs }
    expect(await store.deliveries.claim(key, later)).toEqual({
      kind: 'settled',
      state: 'suppressed',
    })
  },
  'of 50 who suppress and claim at once, one outcome stands': async ({ store }) => {
    const answers = await race(async (racer) => {
      if (racer % 2 === 1) return await store.deliveries.suppress(key, 'muted', t0)
      return await store.deliveries.claim(key, now)
    })
    const claims = answers.filter((answer) => answer?.kind === 'claimed')
    const stored = await store.deliveries.byId('x')
    expect(stored?.state).toBe(claims.length === 1 ? 'claimed' : 'suppressed')
    expect(claims.length).toBeLessThanOrEqual(1)
  },
  'after a crash a delivery that was claimed can be claimed once its lease is over, and what was settled stays so':
    async (lab) => {
      await lab.store.deliveries.claim(key, now)
      await lab.store.deliveries.claim(deliveryKey('y'), now)
      await lab.store.deliveries.settle('y', { state: 'accepted' }, t0 + 10)
      const store = await lab.crash()
      const times = { nowMs: t0 + leaseMs, leaseMs }
      expect(await store.deliveries.claim(key, times)).toMatchObject({ kind: 'claimed' })
      expect(await store.deliveries.claim(deliveryKey('y'), times)).toEqual({
        kind: 'settled',
        state: 'accepted',
      })
    },
}
