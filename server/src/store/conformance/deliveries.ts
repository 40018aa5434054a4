import { expect } from 'vitest'
import type { DeliveryKey, Settlement } from '../../delivery/delivery.ts'
import type { Store } from '../port.ts'
import { deliveryKey, t0 } from './samples.ts'
import { race, type StoreCases } from './store-lab.ts'

async function settled(
  store: Store,
  key: DeliveryKey,
  end: Settlement & { atMs?: number },
): Promise<void> {
  const { atMs = t0, ...settlement } = end
  await store.deliveries.claim(key, { nowMs: atMs, leaseMs: 1000 })
  await store.deliveries.settle(key.id, settlement, atMs + 1)
}

export const deliveryCases: StoreCases = {
  'a delivery keeps what became of it': async ({ store }) => {
    const key = deliveryKey('x', { kind: 'incoming_call', deviceRowId: null, subjectId: null })
    await settled(store, key, {
      state: 'accepted',
      status: 201,
      location: 'https://push.example/m/1',
    })
    expect(await store.deliveries.byId('x')).toEqual({
      ...key,
      state: 'accepted',
      attempts: 1,
      leaseUntilMs: expect.any(Number),
      nextAttemptAtMs: null,
      reason: null,
      status: 201,
      location: 'https://push.example/m/1',
      createdAtMs: t0,
      settledAtMs: t0 + 1,
      shownAtMs: null,
      clickedAtMs: null,
      dismissedAtMs: null,
    })
    expect(await store.deliveries.byId('unknown')).toBeNull()
  },
  'a delivery that is tried again says when and why, and is not settled': async ({ store }) => {
    await settled(store, deliveryKey('x'), {
      state: 'retry',
      reason: 'http_503',
      status: 503,
      nextAttemptAtMs: t0 + 500,
    })
    expect(await store.deliveries.byId('x')).toMatchObject({
      state: 'retry',
      reason: 'http_503',
      status: 503,
      nextAttemptAtMs: t0 + 500,
      settledAtMs: null,
    })
  },
  'what was accepted may turn out not to have arrived, once, and nothing else may': async ({
    store,
  }) => {
    const gone = { state: 'gone', reason: 'device_not_registered' } as const
    await settled(store, deliveryKey('x'), { state: 'accepted', status: 200 })
    await store.deliveries.refute('x', gone, t0 + 900)
    await store.deliveries.refute('x', { state: 'rejected', reason: 'later' }, t0 + 950)
    const after = { ...gone, status: 200, settledAtMs: t0 + 900 }
    expect(await store.deliveries.byId('x')).toMatchObject(after)
    expect(await store.deliveries.accepted(['chat:kitchen:m'])).toEqual(new Set())

    for (const state of ['rejected', 'suppressed', 'expired', 'retry'] as const) {
      await settled(store, deliveryKey(state), { state, nextAttemptAtMs: t0 + 500 })
      await store.deliveries.refute(state, gone, t0 + 900)
      expect(await store.deliveries.byId(state)).toMatchObject({ state, reason: null })
    }
    await store.deliveries.refute('unknown', gone, t0)
    expect(await store.deliveries.byId('unknown')).toBeNull()
  },
  'deliveries are found by ids and by event': async ({ store }) => {
    await settled(store, deliveryKey('x', { eventId: 'e1' }), { state: 'gone' })
    await store.deliveries.suppress(deliveryKey('y', { eventId: 'e1' }), 'muted', t0 + 5)
    await settled(store, deliveryKey('z', { eventId: 'e2' }), { state: 'accepted' })
    const byIds = await store.deliveries.byIds(['z', 'unknown', 'x'])
    expect(byIds.map(({ id }) => id).toSorted()).toEqual(['x', 'z'])
    const ofEvent = await store.deliveries.ofEvent('e1')
    expect(ofEvent.map(({ id }) => id).toSorted()).toEqual(['x', 'y'])
    expect(await store.deliveries.ofEvent('e3')).toEqual([])
  },
  'accepted are the events that at least one device’s push service took': async ({ store }) => {
    await settled(store, deliveryKey('a', { eventId: 'e1' }), { state: 'accepted' })
    await settled(store, deliveryKey('b', { eventId: 'e1' }), { state: 'gone' })
    await settled(store, deliveryKey('c', { eventId: 'e2' }), { state: 'rejected' })
    await store.deliveries.claim(deliveryKey('d', { eventId: 'e3' }), { nowMs: t0, leaseMs: 1000 })
    expect(await store.deliveries.accepted(['e1', 'e2', 'e3', 'e4'])).toEqual(new Set(['e1']))
  },
  'what can still be withdrawn is accepted, has a location and was not shown, newest first':
    async ({ store }) => {
      const accepted = { state: 'accepted', location: '/m' } as const
      await settled(store, deliveryKey('old'), { ...accepted, atMs: t0 })
      await settled(store, deliveryKey('new'), { ...accepted, atMs: t0 + 100 })
      await settled(store, deliveryKey('shown'), accepted)
      await store.deliveries.receipt('shown', 'shown', t0 + 50)
      await settled(store, deliveryKey('no-location'), { state: 'accepted' })
      await settled(store, deliveryKey('rejected'), { state: 'rejected' })
      await settled(store, deliveryKey('alices', { ownerId: 'alice' }), accepted)
      await settled(store, deliveryKey('cellar', { subjectId: 'cellar' }), accepted)
      const ids = async (limit: number) =>
        (await store.deliveries.unshown('bob', 'kitchen', limit)).map(({ id }) => id)
      expect(await ids(10)).toEqual(['new', 'old'])
      expect(await ids(1)).toEqual(['new'])
    },
  'a device’s word counts once of each kind': async ({ store }) => {
    await settled(store, deliveryKey('x'), { state: 'accepted' })
    const answers = await race((racer) => store.deliveries.receipt('x', 'shown', t0 + racer))
    expect(answers.filter(Boolean)).toHaveLength(1)
    expect(await store.deliveries.receipt('x', 'clicked', t0 + 60)).toBe(true)
    expect(await store.deliveries.receipt('x', 'dismissed', t0 + 70)).toBe(true)
    expect(await store.deliveries.receipt('x', 'clicked', t0 + 80)).toBe(false)
    expect(await store.deliveries.receipt('unknown', 'shown', t0)).toBe(false)
    expect(await store.deliveries.byId('x')).toMatchObject({
      shownAtMs: t0 + answers.indexOf(true),
      clickedAtMs: t0 + 60,
      dismissedAtMs: t0 + 70,
    })
  },
  'a receipt may come before the push service’s answer was written': async ({ store }) => {
    await store.deliveries.claim(deliveryKey('x'), { nowMs: t0, leaseMs: 1000 })
    expect(await store.deliveries.receipt('x', 'shown', t0 + 1)).toBe(true)
    await store.deliveries.settle('x', { state: 'accepted' }, t0 + 2)
    expect(await store.deliveries.byId('x')).toMatchObject({ state: 'accepted', shownAtMs: t0 + 1 })
  },
  'pruning takes what is older, however much, and leaves the rest': async ({ store }) => {
    await Promise.all(
      Array.from({ length: 1200 }, (_, n) =>
        store.deliveries.suppress(deliveryKey(`old-${n}`), 'muted', t0),
      ),
    )
    await store.deliveries.suppress(deliveryKey('new'), 'muted', t0 + 1)
    await store.deliveries.prune(t0 + 1)
    expect((await store.deliveries.ofEvent('chat:kitchen:m')).map(({ id }) => id)).toEqual(['new'])
  },
}
