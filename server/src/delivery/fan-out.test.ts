import type { NotificationPreferences } from '@belfry/contracts'
import { expect, test } from 'vitest'
import {
  chatEvent,
  chatJob,
  deliveryLab,
  device,
  noSender,
} from '../../test/delivery/delivery-lab.ts'
import { phone } from '../../test/delivery/phone-row.ts'
import { fakeLedger } from '../../test/delivery/fake-ledger.ts'
import type { BrowserDevice, Device } from '../devices/device.ts'
import { noFailpoint } from '../observability/failpoint.ts'
import type { Person } from '../people/person.ts'
import type { Deliver, DeliverAnswer } from './deliver.ts'
import { deliveryId } from './delivery-id.ts'
import { createFanOut, type FanOutPlan } from './fan-out.ts'
import { refuseChat } from './policy.ts'
import { webPushChannel, type PushContent } from './web-push-channel.ts'

const wishes: NotificationPreferences = { chat: true, calls: true, preview: 'auto', muted: [] }

function person(id: string): Person {
  return {
    id,
    username: id,
    displayName: id,
    email: null,
    phone: null,
    locale: null,
    passwordHash: null,
    createdAtMs: 0,
  }
}

interface World {
  readonly people: readonly string[]
  readonly devices: readonly Device[]
  /** `unread`: reading them fails the test. */
  readonly preferences?: ReadonlyArray<readonly [string, NotificationPreferences]> | 'unread'
  readonly recordsUnreachable?: boolean
  readonly answer?: (rowId: string) => Promise<DeliverAnswer>
}

function lab(world: World) {
  const ledger = fakeLedger()
  const tried: string[] = []
  const deliver: Deliver<BrowserDevice, PushContent> = async ({ job }) => {
    tried.push(job.key.deviceRowId)
    return world.answer === undefined ? 'accepted' : world.answer(job.key.deviceRowId)
  }
  const fanOut = createFanOut({
    store: {
      people: {
        byIds: async (ids: readonly string[]) =>
          ids.filter((id) => world.people.includes(id)).map(person),
      },
      devices: {
        ofOwners: async (ids: readonly string[]) =>
          world.devices.filter((each) => ids.includes(each.ownerId)),
      },
      preferences: {
        getMany: async () => {
          if (world.preferences === 'unread') throw new Error('nobody needs them')
          return new Map(world.preferences ?? [])
        },
      },
      deliveries: ledger,
    },
    channel: webPushChannel(noSender, () => 0),
    deliver,
    recordsUnreachable: world.recordsUnreachable ?? true,
    metrics: { countSuppressed: () => {} },
    now: () => 0,
    failpoint: noFailpoint,
  })
  const reasons = () =>
    Object.fromEntries(
      [...ledger.rows.values()].map((row) => [row.deviceRowId ?? row.ownerId, row.reason]),
    )
  return { fanOut, ledger, tried, reasons }
}

type Plan = FanOutPlan<BrowserDevice, PushContent>

function plan(recipientIds: readonly string[], change: Partial<Plan> = {}): Plan {
  return {
    eventId: 'chat:c:m1',
    kind: 'chat_message',
    subjectId: 'c',
    recipientIds,
    only: null,
    refusePerson: (_id, preferences) => refuseChat(preferences, chatEvent.conversationId, 0),
    plan: (_device, key) => ({ ...chatJob(deliveryLab()), key }),
    ...change,
  }
}

test('every device of every recipient is tried', async () => {
  const { fanOut, tried } = lab({
    people: ['bob', 'carla'],
    devices: [device({ id: 'b1' }), device({ id: 'b2' }), device({ id: 'c1', ownerId: 'carla' })],
  })
  expect(await fanOut(plan(['bob', 'carla']))).toEqual({ accepted: 3 })
  expect(tried.sort()).toEqual(['b1', 'b2', 'c1'])
})

test('every "no" is on record with its reason', async () => {
  const { fanOut, reasons } = lab({
    people: ['bob', 'carla', 'dora'],
    devices: [device({ id: 'c1', ownerId: 'carla' }), device({ id: 'd1', ownerId: 'dora' })],
    preferences: [['carla', { ...wishes, muted: [{ conversationId: 'c', until: null }] }]],
  })
  await fanOut(
    plan(['bob', 'carla', 'dora', 'nobody'], {
      plan: () => 'viewing',
    }),
  )
  expect(reasons()).toEqual({
    bob: 'no_device',
    c1: 'muted',
    d1: 'viewing',
    nobody: 'unknown_recipient',
  })
})

test('an event that names only strangers is no error', async () => {
  const { fanOut, reasons } = lab({ people: [], devices: [] })
  expect(await fanOut(plan(['x', 'y']))).toEqual({ accepted: 0 })
  expect(reasons()).toEqual({ x: 'unknown_recipient', y: 'unknown_recipient' })
})

test('one bad device hinders none of the others, and the event comes again for it', async () => {
  const { fanOut, tried } = lab({
    people: ['bob'],
    devices: Array.from({ length: 600 }, (_, n) => device({ id: `b${n}` })),
    answer: async (rowId) => {
      if (rowId === 'b0') throw new Error('broken row')
      return 'accepted'
    },
  })
  await expect(fanOut(plan(['bob']))).rejects.toThrow('broken row')
  expect(tried).toHaveLength(600)
})

test('a device that hangs keeps nobody from being told that others rang', async () => {
  const hanging = Promise.withResolvers<DeliverAnswer>()
  const { fanOut } = lab({
    people: ['bob'],
    devices: [device({ id: 'hangs' }), device({ id: 'rings' })],
    answer: (rowId) => (rowId === 'hangs' ? hanging.promise : Promise.resolve('accepted')),
  })
  const told = Promise.withResolvers<null>()
  const done = fanOut(plan(['bob'], { onAccepted: () => told.resolve(null) }))
  await told.promise
  hanging.resolve('not_accepted')
  expect(await done).toEqual({ accepted: 1 })
})

test('a retry concerns its one device', async () => {
  const { fanOut, tried } = lab({
    people: ['bob'],
    devices: [device({ id: 'b1' }), device({ id: 'b2' })],
  })
  await fanOut(plan(['bob'], { only: deliveryId('chat:c:m1', 'b2') }))
  expect(tried).toEqual(['b2'])
})

test('a retry for a device that is gone meanwhile ends on record, and waits no longer', async () => {
  const { fanOut, ledger } = lab({ people: ['bob'], devices: [] })
  const id = deliveryId('chat:c:m1', 'b1')
  const key = { ...plan([]), id, ownerId: 'bob', deviceRowId: 'b1' }
  await ledger.claim(key, { nowMs: 0, leaseMs: 1 })
  await ledger.settle(id, { state: 'retry', nextAttemptAtMs: 5 }, 0)
  await fanOut(plan(['bob'], { only: id }))
  expect(ledger.rows.get(id)).toMatchObject({ state: 'suppressed', reason: 'device_removed' })
})

test('a retry for somebody who muted meanwhile ends on record', async () => {
  const { fanOut, ledger, tried } = lab({
    people: ['bob'],
    devices: [device({ id: 'b1' })],
    preferences: [['bob', { ...wishes, chat: false }]],
  })
  const id = deliveryId('chat:c:m1', 'b1')
  const key = { ...plan([]), id, ownerId: 'bob', deviceRowId: 'b1' }
  await ledger.claim(key, { nowMs: 0, leaseMs: 1 })
  await ledger.settle(id, { state: 'retry', nextAttemptAtMs: 5 }, 0)
  await fanOut(plan(['bob'], { only: id }))
  expect(tried).toEqual([])
  expect(ledger.rows.get(id)).toMatchObject({ state: 'suppressed', reason: 'chat_off' })
})

test('devices of another kind are another worker’s, and nobody who has one is without', async () => {
  const { fanOut, tried, reasons } = lab({
    people: ['bob', 'carla', 'dora'],
    devices: [phone({ id: 'p1' }), phone({ id: 'p2', ownerId: 'carla' }), device({ id: 'b1' })],
  })
  expect(await fanOut(plan(['bob', 'carla', 'dora']))).toEqual({ accepted: 1 })
  expect(tried).toEqual(['b1'])
  expect(reasons()).toEqual({ dora: 'no_device' })
})

test('where another worker records who has no device, an event without devices of this kind costs one look', async () => {
  const { fanOut, tried, ledger } = lab({
    people: ['bob', 'carla'],
    devices: [phone({ id: 'p1' })],
    preferences: 'unread',
    recordsUnreachable: false,
  })
  expect(await fanOut(plan(['bob', 'carla', 'nobody']))).toEqual({ accepted: 0 })
  expect(tried).toEqual([])
  expect(ledger.rows.size).toBe(0)
})
