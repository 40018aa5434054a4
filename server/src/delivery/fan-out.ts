import type { NotificationPreferences } from '@belfry/contracts'
import type { Device } from '../devices/device.ts'
import type { Failpoint } from '../observability/failpoint.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { DeliveryStore, DeviceStore, PeopleStore, PreferenceStore } from '../store/port.ts'
import type { Deliver, DeliverAnswer, DeliveryJob, DeliveryOrder } from './deliver.ts'
import type { DeliveryKey, DeliveryKind } from './delivery.ts'
import { deliveryId } from './delivery-id.ts'
import { inParallel } from './in-parallel.ts'
import type { SuppressionReason } from './policy.ts'
import type { PushChannel } from './push-channel.ts'

/** One event to all devices of one kind of its recipients. Every "no" is recorded with its reason. */
export type FanOut<To extends Device, Content> = (
  plan: FanOutPlan<To, Content>,
) => Promise<FanOutAnswer>

export interface FanOutPlan<To extends Device, Content> {
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
    device: To,
    key: DeliveryOrder['key'],
    preferences: NotificationPreferences | null,
  ) => DeliveryJob<To, Content> | SuppressionReason
  /** A push service took it for one more device, while others are under way. */
  readonly onAccepted?: () => void
}

export interface FanOutAnswer {
  readonly accepted: number
}

export interface FanOutOptions<To extends Device, Content> {
  readonly store: {
    readonly people: Pick<PeopleStore, 'byIds'>
    readonly devices: Pick<DeviceStore, 'ofOwners'>
    readonly preferences: Pick<PreferenceStore, 'getMany'>
    readonly deliveries: Pick<DeliveryStore, 'settle' | 'suppress'>
  }
  readonly channel: Pick<PushChannel<To, Content>, 'takes'>
  readonly deliver: Deliver<To, Content>
  /**
   * Writes down who has no device of any kind, or is nobody we know. Every event goes to the workers
   * of all kinds of devices, so one of them does; the others leave early where there is none of theirs.
   */
  readonly recordsUnreachable: boolean
  readonly metrics: Pick<Metrics, 'countSuppressed'>
  readonly now: () => number
  readonly failpoint: Failpoint
}

/** At once for one event: many, so that some that hang leave room. The sender bounds connections by origin. */
const width = 256

export function createFanOut<To extends Device, Content>(
  options: FanOutOptions<To, Content>,
): FanOut<To, Content> {
  return async (plan) => {
    const { store, channel, recordsUnreachable } = options
    const readAtMs = options.now()
    const found = store.devices.ofOwners(plan.recipientIds)
    if (!recordsUnreachable && plan.only === null && !(await found).some(channel.takes)) {
      return { accepted: 0 }
    }
    const [devices, preferences] = await Promise.all([
      found,
      store.preferences.getMany(plan.recipientIds),
    ])
    if (plan.only !== null) return retryOne(options, plan, { devices, preferences, readAtMs })
    if (recordsUnreachable) await suppressUnreachable(options, plan, devices)
    const answers = await inParallel(devices, width, async (device) => {
      if (!channel.takes(device)) return 'not_accepted'
      const answer = await toDevice(options, plan, { device, preferences, readAtMs })
      if (answer === 'accepted') plan.onAccepted?.()
      return answer
    })
    return { accepted: answers.filter((answer) => answer === 'accepted').length }
  }
}

interface ReadForDevice<To> {
  readonly device: To
  readonly preferences: ReadonlyMap<string, NotificationPreferences>
  readonly readAtMs: number
}

async function retryOne<To extends Device, Content>(
  options: FanOutOptions<To, Content>,
  plan: FanOutPlan<To, Content>,
  { devices, ...read }: Omit<ReadForDevice<To>, 'device'> & { devices: readonly Device[] },
): Promise<FanOutAnswer> {
  const device = devices.find((each) => deliveryId(plan.eventId, each.id) === plan.only)
  if (device === undefined || !options.channel.takes(device)) {
    const settlement = { state: 'suppressed', reason: 'device_removed' } as const
    await options.store.deliveries.settle(plan.only ?? '', settlement, options.now())
    return { accepted: 0 }
  }
  const answer = await toDevice(options, plan, { device, ...read })
  return { accepted: answer === 'accepted' ? 1 : 0 }
}

async function toDevice<To extends Device, Content>(
  options: FanOutOptions<To, Content>,
  plan: FanOutPlan<To, Content>,
  { device, preferences, readAtMs }: ReadForDevice<To>,
): Promise<DeliverAnswer> {
  const key = { ...keyOf(plan, device.ownerId, device.id), deviceRowId: device.id }
  const wishes = preferences.get(device.ownerId) ?? null
  const job = plan.refusePerson(device.ownerId, wishes) ?? plan.plan(device, key, wishes)
  await options.failpoint('fanout.mid')
  if (typeof job === 'string') return suppress(options, key, job)
  return options.deliver({ job, device, readAtMs, retried: plan.only !== null })
}

type Records = Pick<FanOutOptions<never, never>, 'store' | 'metrics' | 'now'>
type Planned = Pick<FanOutPlan<never, never>, 'eventId' | 'kind' | 'subjectId' | 'recipientIds'>

async function suppressUnreachable(
  options: Records,
  plan: Planned,
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
  options: Records,
  key: DeliveryKey,
  reason: SuppressionReason,
): Promise<DeliverAnswer> {
  options.metrics.countSuppressed(reason)
  await options.store.deliveries.suppress(key, reason, options.now())
  return 'not_accepted'
}

function keyOf(plan: Planned, ownerId: string, deviceRowId: string | null): DeliveryKey {
  const { eventId, kind, subjectId } = plan
  const id = deliveryId(eventId, deviceRowId ?? ownerId)
  return { id, eventId, kind, ownerId, deviceRowId, subjectId }
}
