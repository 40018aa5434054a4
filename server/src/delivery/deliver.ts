import type { DomainEvent } from '@belfry/contracts'
import type { Broker, QueueName } from '../broker/port.ts'
import type { Device } from '../devices/device.ts'
import type { Failpoint } from '../observability/failpoint.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { DeliveryStore, DeviceStore } from '../store/port.ts'
import type { ApplyOutcome } from './apply-outcome.ts'
import type { DeliveryKey } from './delivery.ts'
import { laneOf } from './lane-of.ts'
import type { OriginGate } from './origin-gate.ts'
import type { SuppressionReason } from './policy.ts'
import type { PushChannel } from './push-channel.ts'
import type { Pace } from './retry-delay.ts'
import { longestRetryDelayMs, retryMessage } from './retry-message.ts'
import type { SendOutcome } from './send-outcome.ts'

/** One event on its way to one device, as the ledger and the broker know it. */
export interface DeliveryOrder {
  readonly key: DeliveryKey & { readonly deviceRowId: string }
  readonly event: DomainEvent
  /** Where a later attempt waits. */
  readonly queue: QueueName
  readonly pace: Pace
  /** After this there is nothing to say any more. */
  readonly expiresAtMs: number
}

/** The same with what a channel needs to know, and nothing of how it is sent. */
export interface DeliveryJob<To extends Device, Content> extends DeliveryOrder {
  /** Total time for one attempt, milliseconds. */
  readonly deadlineMs: number
  /** Asked right before the POST, because the world may have moved on. */
  readonly lastCheck: () => Promise<LastCheck>
  /** The message for that device; `maxBytes` is one of the channel's. */
  readonly write: (device: To, maxBytes: number) => Content
}

export type LastCheck =
  | { readonly kind: 'send' }
  | { readonly kind: 'refuse'; readonly reason: SuppressionReason }
  /** Not yet. */
  | { readonly kind: 'wait'; readonly forMs: number; readonly reason: string }

/** Resolves once the attempt has an outcome on record, or waits safely in the broker. */
export type Deliver<To extends Device, Content> = (
  to: Addressed<To, Content>,
) => Promise<DeliverAnswer>

export interface Addressed<To extends Device, Content> {
  readonly job: DeliveryJob<To, Content>
  readonly device: To
  /** When `device` was read. It is read again before the POST when it may have changed. */
  readonly readAtMs: number
  /** The message is a retry of this one delivery, not the event. */
  readonly retried: boolean
}

/** `accepted`: by this attempt. A duplicate of what was accepted before is not. */
export type DeliverAnswer = 'accepted' | 'not_accepted'

export interface DeliverOptions<To extends Device, Content> {
  readonly deliveries: Pick<DeliveryStore, 'claim' | 'settle' | 'suppress'>
  readonly devices: Pick<DeviceStore, 'byId'>
  readonly broker: Pick<Broker, 'retry'>
  readonly channel: PushChannel<To, Content>
  readonly applyOutcome: ApplyOutcome<To>
  readonly gate: OriginGate
  readonly metrics: Pick<Metrics, 'countSuppressed'>
  readonly now: () => number
  readonly failpoint: Failpoint
}

/** A device that signs out is not sent to two seconds later; this much of them passes here. */
const staleMs = 500
/** Beyond the attempt's own deadline, for recording what came of it. */
const leaseMarginMs = 2000

export function createDeliver<To extends Device, Content>(
  options: DeliverOptions<To, Content>,
): Deliver<To, Content> {
  return async (to) => {
    const { origin } = options.channel.placeOf(to.device)
    const place = { endpointHash: to.device.endpointHash, origin, lane: laneOf(to.job.queue) }
    const answer = await options.gate.enter(place, (afterAnother) =>
      inTurn(options, to, afterAnother),
    )
    return typeof answer === 'number' ? comeBack(options, to.job, { atMs: answer }) : answer
  }
}

/** Claimed only once it is this delivery's turn: a lease must not run out while it waits for another. */
async function inTurn<To extends Device, Content>(
  options: DeliverOptions<To, Content>,
  { job, device, readAtMs, retried }: Addressed<To, Content>,
  afterAnother: boolean,
): Promise<DeliverAnswer> {
  const { now } = options
  const leaseMs = job.deadlineMs + leaseMarginMs
  const claim = await options.deliveries.claim(job.key, { nowMs: now(), leaseMs })
  switch (claim.kind) {
    case 'settled':
      return 'not_accepted'
    case 'busy':
      return comeBack(options, job, { atMs: claim.untilMs, isHeld: true })
    case 'waiting':
      // The event's duplicate may go: a retry was published before the row said so. A retry may be that very one.
      return retried ? comeBack(options, job, { atMs: claim.untilMs }) : 'not_accepted'
    case 'claimed':
      await options.failpoint('send.pre')
      return attempt(options, job, {
        count: claim.attempt,
        device:
          afterAnother || now() - readAtMs > staleMs
            ? await options.devices.byId(device.id)
            : device,
      })
  }
}

/** Asks once more what may have changed, then sends. */
async function attempt<To extends Device, Content>(
  options: DeliverOptions<To, Content>,
  job: DeliveryJob<To, Content>,
  { count, device }: { count: number; device: Device | null },
): Promise<DeliverAnswer> {
  const { now, applyOutcome, channel } = options
  if (device === null || device.ownerId !== job.key.ownerId || !channel.takes(device)) {
    return refuse(options, job, 'device_removed')
  }
  if (now() >= job.expiresAtMs) return refuse(options, job, 'expired')
  const check = await job.lastCheck()
  if (check.kind === 'refuse') return refuse(options, job, check.reason)
  if (check.kind === 'wait') {
    const { forMs, reason } = check
    return applyOutcome.postpone(job, { attempt: count, untilMs: now() + forMs, reason })
  }
  if (device.notBeforeMs > now()) {
    const reason = 'endpoint_asked_to_wait'
    return applyOutcome.postpone(job, { attempt: count, untilMs: device.notBeforeMs, reason })
  }
  const hold = channel.holdOf(device)
  if (hold !== null) return applyOutcome.postpone(job, { attempt: count, ...hold })
  const outcome = await send(options, job, device)
  await options.failpoint('send.prerecord')
  return applyOutcome.record({ order: job, device, attempt: count, outcome })
}

async function send<To extends Device, Content>(
  { channel, now }: DeliverOptions<To, Content>,
  job: DeliveryJob<To, Content>,
  device: To,
): Promise<SendOutcome> {
  // Both tries together: the lease is not longer.
  const endsAtMs = Math.min(now() + job.deadlineMs, job.expiresAtMs)
  const post = (maxBytes: number) => {
    const leftMs = Math.max(1, endsAtMs - now())
    return channel.send(device, job.write(device, maxBytes), leftMs)
  }
  const outcome = await post(channel.maxBytes.usual)
  const tooLarge = outcome.kind === 'rejected' && outcome.reason === 'payload_too_large'
  return tooLarge ? post(channel.maxBytes.smallest) : outcome
}

/**
 * Back to the broker without an attempt; the ledger is not touched. What somebody holds comes back even when it will
 * have expired: nobody else may settle it before its lease ends, and its holder may be dead.
 */
async function comeBack(
  options: Pick<DeliverOptions<never, never>, 'broker' | 'deliveries' | 'now'>,
  job: DeliveryOrder,
  { atMs, isHeld = false }: { atMs: number; isHeld?: boolean },
): Promise<DeliverAnswer> {
  const { now } = options
  const delayMs = Math.min(Math.max(atMs - now(), 10), longestRetryDelayMs)
  const thenMs = now() + delayMs
  if (thenMs >= job.expiresAtMs && !isHeld)
    await options.deliveries.suppress(job.key, 'expired', now())
  else
    await options.broker.retry(job.queue, retryMessage(job, { attempt: 1, atMs: thenMs }), delayMs)
  return 'not_accepted'
}

async function refuse(
  options: Pick<DeliverOptions<never, never>, 'deliveries' | 'metrics' | 'now'>,
  job: DeliveryOrder,
  reason: SuppressionReason,
): Promise<DeliverAnswer> {
  options.metrics.countSuppressed(reason)
  const state = reason === 'expired' ? 'expired' : 'suppressed'
  await options.deliveries.settle(job.key.id, { state, reason }, options.now())
  return 'not_accepted'
}
