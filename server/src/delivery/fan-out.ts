import type { NotificationPreferences } from '@belfry/contracts'
import type { Device } from '../devices/device.ts'
import type { Failpoint } from '../observability/failpoint.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { DeliveryStore, DeviceStore, PeopleStore, PreferenceStore } from '../store/port.ts'
import type { Deliver, DeliverAnswer, DeliveryJob } from './deliver.ts'
import type { DeliveryKey, DeliveryKind } from './delivery.ts'
import { deliveryId } from './delivery-id.ts'
import { inParallel } from './in-parallel.ts'
import type { SuppressionReason } from './policy.ts'

/** One event to all devices of its recipients. Every "no" is recorded with its reason. */
export type FanOut = (plan: FanOutPlan) => Promise<FanOutAnswer>

export interface FanOutPlan {
  readonly eventId: string
  readonly kind: DeliveryKind
  readonly subjectId: string
  readonly recipientIds: readonly string[]
  /** Only this delivery: a retry concerns one device. Null: all. */
  readonly only: string | null
  readonly refusePerson: (
    userId: string,
    preferences: NotificationPreferences | null,
  ) => SuppressionReason | null
  /** What to send to that device, or why nothing. */
  readonly plan: (
    device: Device,
    key: DeliveryJob['key'],
    preferences: NotificationPreferences | null,
  ) => DeliveryJob | SuppressionReason
  /** A push service took it for one more device, while others are under way. */
  readonly onAccepted?: () => void
}

export interface FanOutAnswer {
  readonly accepted: number
}

export interface FanOutOptions {
  readonly store: {
    readonly people: Pick<PeopleStore, 'byIds'>
    readonly devices: Pick<DeviceStore, 'ofOwners'>
    readonly preferences: Pick<PreferenceStore, 'getMany'>
    readonly deliveries: Pick<DeliveryStore, 'settle' | 'suppress'>
  }
  readonly deliver: Deliver
  readonly metrics: Pick<Metrics, 'countSuppressed'>
  readonly now: () => number
  readonly failpoint: Failpoint
}

/** At once for one event: many, so that some that hang leave room. The sender bounds connections by origin. */
const width = 256

export function createFanOut(options: FanOutOptions): FanOut {
  return async (plan) => {
    const { store } = options
    const readAtMs = options.now()
    const [devices, preferences] = await Promise.all([
      store.devices.ofOwners(plan.recipientIds),
      store.preferences.getMany(plan.recipientIds),
    ])
    if (plan.only !== null) return retryOne(options, plan, { devices, preferences, readAtMs })
    await suppressUnreachable(options, plan, devices)
    const answers = await inParallel(devices, width, async (device) => {
      const answer = await toDevice(options, plan, { device, preferences, readAtMs })
      if (answer === 'accepted') plan.onAccepted?.()
      return answer
    })
    return { accepted: answers.filter((answer) => answer === 'accepted').length }
  }
}

interface ReadForDevice {
  readonly device: Device
  readonly preferences: ReadonlyMap<string, NotificationPreferences>
  readonly readAtMs: number
}

async function retryOne(
  options: FanOutOptions,
  plan: FanOutPlan,
  { devices, ...read }: Omit<ReadForDevice, 'device'> & { devices: readonly Device[] },
): Promise<FanOutAnswer> {
  const device = devices.find((each) => deliveryId(plan.eventId, each.id) === plan.only)
  if (device === undefined) {
    const settlement = { state: 'suppressed', reason: 'device_removed' } as const
    await options.store.deliveries.settle(plan.only ?? '', settlement, options.now())
    return { accepted: 0 }
  }
  const answer = await toDevice(options, plan, { device, ...read })
  return { accepted: answer === 'accepted' ? 1 : 0 }
}

async function toDevice(
  options: FanOutOptions,
  plan: FanOutPlan,
  { device, preferences, readAtMs }: ReadForDevice,
): Promise<DeliverAnswer> {
  const key = { ...keyOf(plan, device.ownerId, device.id), deviceRowId: device.id }
  const wishes = preferences.get(device.ownerId) ?? null
  const job = plan.refusePerson(device.ownerId, wishes) ?? plan.plan(device, key, wishes)
  await options.failpoint('fanout.mid')
  if (typeof job === 'string') return suppress(options, key, job)
  return options.deliver({ job, device, readAtMs, retried: plan.only !== null })
}

async function suppressUnreachable(
  options: FanOutOptions,
  plan: FanOutPlan,
  devices: readonly Device[],
): Promise<void> {
  const reachable = new Set(devices.map((device) => device.ownerId))
  const others = plan.recipientIds.filter((userId) => !reachable.has(userId))
  if (others.length === 0) return
  const people = await options.store.people.byIds(others)
  const known = new Set(people.map((person) => person.id))
  await inParallel(others, width, (userId) => {
    const reason = known.has(userId) ? 'no_device' : 'unknown_recipient'
    return suppress(options, keyOf(plan, userId, null), reason)
  })
}

async function suppress(
  options: FanOutOptions,
  key: DeliveryKey,
  reason: SuppressionReason,
): Promise<DeliverAnswer> {
  options.metrics.countSuppressed(reason)
  await options.store.deliveries.suppress(key, reason, options.now())
  return 'not_accepted'
}

function keyOf(plan: FanOutPlan, ownerId: string, deviceRowId: string | null): DeliveryKey {
  const { eventId, kind, subjectId } = plan
  const id = deliveryId(eventId, deviceRowId ?? ownerId)
  return { id, eventId, kind, ownerId, deviceRowId, subjectId }
}
