import type { DomainEvent } from '@belfry/contracts'
import { expect, test } from 'vitest'
import { device } from '../../test/delivery/delivery-lab.ts'
import { fakeLedger, type FakeLedger } from '../../test/delivery/fake-ledger.ts'
import { callRingEventId, deliveryId } from '../delivery/delivery-id.ts'
import { noFailpoint } from '../observability/failpoint.ts'
import type { Person } from '../people/person.ts'
import { createCalls, type CallAnswer } from './calls.ts'
import type { StoredCall } from './stored-call.ts'

const people = ['ana', 'bob', 'carla']

function person(id: string): Person {
  return {
    id,
    username: id,
    displayName: id.toUpperCase(),
    email: null,
    phone: null,
    locale: null,
    passwordHash: null,
    createdAtMs: 0,
  }
}

/** Calls over a store in memory that other processes may write to as well. */
function lab(ledger: FakeLedger = fakeLedger()) {
  const stored = new Map<string, StoredCall>()
  const handed: DomainEvent[] = []
  const told: string[] = []
  const clock = { nowMs: 1_000_000 }
  let ids = 0
  const store = {
    people: {
      byIds: async (wanted: readonly string[]) =>
        people.filter((id) => wanted.includes(id)).map(person),
    },
    devices: {
      byId: async (id: string) => device({ id, deviceName: `Device ${id}` }),
      byDeviceId: async (_ownerId: string, deviceId: string) =>
        deviceId === 'subscribed' ? device({ deviceId }) : null,
    },
    deliveries: ledger,
    calls: {
      byId: async (id: string) => stored.get(id) ?? null,
      async insert(call: StoredCall) {
        const open = [...stored.values()].find(
          (each) => each.openKey === call.openKey && each.call.state === 'ringing',
        )
        if (open !== undefined) return { call: open, created: false }
        stored.set(call.call.sessionId, call)
        return { call, created: true }
      },
      async compareAndSet(next: StoredCall) {
        const current = stored.get(next.call.sessionId)
        if (current?.call.revision !== next.call.revision - 1) return false
        stored.set(next.call.sessionId, next)
        return true
      },
      ofUser: async () => [...stored.values()],
    },
  }
  const calls = createCalls({
    store,
    relay: { hand: (events) => void handed.push(...events.map(({ event }) => event)) },
    announce: (to, name) => void told.push(`${name} → ${to.join(' ')}`),
    now: () => clock.nowMs,
    newId: () => `s${(ids += 1)}`,
    ringTimeoutMs: 30_000,
    failpoint: noFailpoint,
    onRinging: () => {},
  })
  const ring = (...calleeIds: string[]) =>
    calls.start('ana', { calleeIds, conversationId: null, media: 'audio' })
  return { calls, ring, handed, told, clock, stored, ledger }
}

function stateOf(answer: CallAnswer): string {
  return answer.kind === 'call' ? answer.call.state : answer.code
}

test('calling somebody whom one is already ringing gives the open call, and rings nobody again', async () => {
  const { ring, handed, told } = lab()
  const first = await ring('bob')
  const second = await ring('bob')
  expect([first, second]).toMatchObject([{ created: true }, { created: false }])
  expect(second).toMatchObject({ call: { sessionId: 's1', callerName: 'ANA' } })
  expect(handed.map((event) => event.type)).toEqual(['IncomingCallPushMessage'])
  expect(told).toEqual(['call.ringing → bob'])
})

test('calling again once the ring has run out rings anew, although the timer has not looked yet', async () => {
  const { ring, handed, clock, stored } = lab()
  await ring('bob')
  clock.nowMs += 30_000
  const again = await ring('bob')
  expect(again).toMatchObject({ created: true, call: { state: 'ringing' } })
  expect(stored.get('s1')?.call.state).toBe('missed')
  expect(handed.map((event) => event.type)).toEqual([
    'IncomingCallPushMessage',
    'CallEnded',
    'IncomingCallPushMessage',
  ])
})

test('two devices answer at once: one wins, the other is told where the call is, and one event goes out', async () => {
  const { calls, ring, handed } = lab()
  await ring('bob')
  const accept = (deviceId: string) =>
    calls.apply('s1', { type: 'accept', userId: 'bob', deviceId, atMs: 1_000_001 })
  const answers = (await Promise.all([accept('desk'), accept('phone')])).map(stateOf)
  expect(answers.sort()).toEqual(['ANSWERED_ON_ANOTHER_DEVICE', 'accepted'])
  expect(handed.filter((event) => event.type === 'CallEnded')).toHaveLength(1)
})

test('all of a group decline at once: nobody is lost, and the last one ends the call', async () => {
  const { calls, ring, handed } = lab()
  await ring('bob', 'carla')
  await Promise.all(
    ['bob', 'carla'].map((userId) =>
      calls.apply('s1', { type: 'decline', userId, atMs: 1_000_001 }),
    ),
  )
  expect(await calls.find('ana', 's1')).toMatchObject({ state: 'declined' })
  expect(handed.filter((event) => event.type === 'CallEnded')).toHaveLength(2)
})

test('the same step again changes nothing and tells nobody', async () => {
  const { calls, ring, handed, told } = lab()
  await ring('bob')
  const cancel = { type: 'cancel', userId: 'ana', atMs: 1_000_001 } as const
  await calls.apply('s1', cancel)
  const before = [handed.length, told.length]
  expect(stateOf(await calls.apply('s1', cancel))).toBe('cancelled')
  expect([handed.length, told.length]).toEqual(before)
})

test('what is the case is told once, however often one looks, and anew when it has changed', async () => {
  const { calls, ring, told, stored, clock, ledger } = lab()
  await ring('bob')
  const look = async () => {
    clock.nowMs += 100
    const call = stored.get('s1')
    if (call !== undefined) await calls.announce(call)
  }
  await look()
  await look()
  const updated = 'call.updated → ana bob'
  expect(told).toEqual(['call.ringing → bob', updated])
  const eventId = callRingEventId('s1')
  const key = {
    id: deliveryId(eventId, 'desk'),
    eventId,
    kind: 'incoming_call',
    ownerId: 'bob',
    deviceRowId: 'desk',
    subjectId: 's1',
  } as const
  await ledger.claim(key, { nowMs: clock.nowMs, leaseMs: 1000 })
  await ledger.settle(key.id, { state: 'accepted', status: 201 }, clock.nowMs)
  await Promise.all([look(), look()])
  expect(told.slice(2)).toEqual([updated])
})

test('who takes no part does not see the call', async () => {
  const { calls, ring } = lab()
  await ring('bob')
  expect(await calls.find('carla', 's1')).toBeNull()
  expect(await calls.find('bob', 's1')).toMatchObject({ sessionId: 's1' })
})

test('strangers cannot be called', async () => {
  const { ring } = lab()
  expect(stateOf(await ring('bob', 'nobody'))).toBe('UNKNOWN_CALLEE')
  expect(stateOf(await ring('ana'))).toBe('NO_CALLEES')
})

test('a call that changes all the time is given up with a code, and not tried for ever', async () => {
  const { calls, ring, stored } = lab()
  await ring('bob')
  const { get } = stored
  stored.get = (id) => {
    const current = get.call(stored, id)
    if (current === undefined) return undefined
    // Another process is always first.
    stored.set(id, { ...current, call: { ...current.call, revision: current.call.revision + 1 } })
    return current
  }
  const cancel = { type: 'cancel', userId: 'ana', atMs: 1_000_001 } as const
  await expect(calls.apply('s1', cancel)).rejects.toMatchObject({ code: 'CALL_CONTENDED' })
})

test('the view tells how many push services took the ring and which devices show it, and no missed-call push', async () => {
  const { calls, ring, ledger } = lab()
  await ring('bob')
  const eventId = callRingEventId('s1')
  for (const rowId of ['desk', 'phone', 'broken']) {
    const id = deliveryId(eventId, rowId)
    const key = {
      id,
      eventId,
      kind: 'incoming_call',
      ownerId: 'bob',
      deviceRowId: rowId,
      subjectId: 's1',
    } as const
    await ledger.claim(key, { nowMs: 0, leaseMs: 1 })
    await ledger.settle(id, { state: rowId === 'broken' ? 'rejected' : 'accepted' }, 1)
  }
  const phone = ledger.rows.get(deliveryId(eventId, 'phone'))
  if (phone !== undefined) ledger.rows.set(phone.id, { ...phone, shownAtMs: 2 })
  expect(await calls.find('ana', 's1')).toMatchObject({
    devices: { notified: 2, ringing: ['Device phone'] },
  })
})

test('an open tab without a subscription counts as ringing, once, and a stranger’s tab does not', async () => {
  const { calls, ring, told } = lab()
  await ring('bob')
  await calls.ringsOnTab({ sessionId: 's1', userId: 'bob', deviceId: 'laptop' })
  await calls.ringsOnTab({ sessionId: 's1', userId: 'bob', deviceId: 'laptop' })
  await calls.ringsOnTab({ sessionId: 's1', userId: 'carla', deviceId: 'phone' })
  await calls.ringsOnTab({ sessionId: 's1', userId: 'bob', deviceId: 'subscribed' })
  expect(await calls.find('ana', 's1')).toMatchObject({
    devices: { notified: 0, ringing: ['an open tab'] },
  })
  expect(told).toEqual(['call.ringing → bob', 'call.updated → ana bob'])
})

test('once the ring has run out the call reads as missed, before any timer came', async () => {
  const { calls, ring, clock } = lab()
  await ring('bob')
  clock.nowMs += 30_000
  expect(await calls.find('ana', 's1')).toMatchObject({ state: 'missed' })
})
