import type { NotificationPreferences } from '@belfry/contracts'
import type { Device } from '../devices/device.ts'
import type { Failpoint } from '../observability/failpoint.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Store } from '../store/port.ts'
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
  /** What to send to that device, why nothing, or when to look again. */
  readonly plan: (
    device: Device,
    key: DeliveryJob['key'],
    preferences: NotificationPreferences | null,
  ) => Promise<Planned>
}

export type Planned =
  | { readonly kind: 'job'; readonly job: DeliveryJob }
  | { readonly kind: 'refused'; readonly reason: SuppressionReason }
  /** Handed back to the broker already. */
  | { readonly kind: 'postponed' }

export interface FanOutAnswer {
  readonly accepted: number
}

export interface FanOutOptions {
  readonly store: Pick<Store, 'people' | 'devices' | 'preferences' | 'deliveries'>
  readonly deliver: Deliver
  readonly metrics: Pick<Metrics, 'countSuppressed'>
  readonly now: () => number
  readonly failpoint: Failpoint
}

/** At once for one event; the sender bounds connections by origin on its own. */
const width = 64

export function createFanOut(options: FanOutOptions): FanOut {
  const { store, now } = options

  async function suppress(
    key: DeliveryKey,
    reason: SuppressionReason,
    retried: boolean,
  ): Promise<DeliverAnswer> {
    options.metrics.countSuppressed(reason)
    if (retried) await store.deliveries.settle(key.id, { state: 'suppressed', reason }, now())
    else await store.deliveries.suppress(key, reason, now())
    return 'not_accepted'
  }

  return async (plan) => {
    const retried = plan.only !== null
    const [people, devices, preferences] = await Promise.all([
      store.people.byIds(plan.recipientIds),
      store.devices.ofOwners(plan.recipientIds),
      store.preferences.getMany(plan.recipientIds),
    ])
    const known = new Set(people.map((person) => person.id))
    const reachable = new Set(devices.map((device) => device.ownerId))
    const keyFor = (ownerId: string, deviceRowId: string | null): DeliveryKey => ({
      id: deliveryId(plan.eventId, deviceRowId ?? ownerId),
      eventId: plan.eventId,
      kind: plan.kind,
      ownerId,
      deviceRowId,
      subjectId: plan.subjectId,
    })

    if (!retried) {
      const nobody = plan.recipientIds.filter((userId) => !reachable.has(userId))
      await inParallel(nobody, width, (userId) =>
        suppress(
          keyFor(userId, null),
          known.has(userId) ? 'no_device' : 'unknown_recipient',
          false,
        ),
      )
    }

    const answers = await inParallel(devices, width, async (device): Promise<DeliverAnswer> => {
      const key = { ...keyFor(device.ownerId, device.id), deviceRowId: device.id }
      if (retried && key.id !== plan.only) return 'not_accepted'
      const wishes = preferences.get(device.ownerId) ?? null
      const refused = plan.refusePerson(device.ownerId, wishes)
      if (refused !== null) return suppress(key, refused, retried)
      const planned = await plan.plan(device, key, wishes)
      await options.failpoint('fanout.mid')
      switch (planned.kind) {
        case 'refused':
          return suppress(key, planned.reason, retried)
        case 'postponed':
          return 'waiting'
        case 'job':
          return options.deliver(planned.job)
      }
    })
    return { accepted: answers.filter((answer) => answer === 'accepted').length }
  }
}
