import type { DomainEvent } from '@belfry/contracts'
import type { Outcome } from '@belfry/web-push'
import type { Broker, QueueName } from '../broker/port.ts'
import type { Device } from '../devices/device.ts'
import type { Failpoint } from '../observability/failpoint.ts'
import type { DeliveryStore, DeviceStore } from '../store/port.ts'
import type { ApplyOutcome } from './apply-outcome.ts'
import type { DeliveryKey } from './delivery.ts'
import { laneOf } from './lane-of.ts'
import type { OriginGate } from './origin-gate.ts'
import type { SuppressionReason } from './policy.ts'

/** One event on its way to one device: what a channel needs to know, and nothing of how it is sent. */
export interface DeliveryJob {
  readonly key: DeliveryKey & { readonly deviceRowId: string }
  readonly event: DomainEvent
  /** Where a later attempt waits. */
  readonly queue: QueueName
  /** After this there is nothing to say any more. */
  readonly expiresAtMs: number
  /** Total time for one attempt, milliseconds. */
  readonly deadlineMs: number
  /** Asked right before the POST, because the world may have moved on. Null: still wanted. */
  readonly stillWanted: () => Promise<SuppressionReason | null>
  /** The message for that device; `maxBytes` of plaintext. */
  readonly write: (device: Device, maxBytes: number) => PushContent
}

export interface PushContent {
  readonly payload: string
  readonly ttlSeconds: number
  readonly urgency: 'high' | 'normal'
  /** 32 characters; absent for a test. */
  readonly topic?: string
}

/** Sends to one kind of device. */
export interface PushChannel {
  send(device: Device, content: PushContent, deadlineMs: number): Promise<Outcome>
}

/** Resolves once the attempt has an outcome on record, or waits safely in the broker. */
export type Deliver = (job: DeliveryJob) => Promise<DeliverAnswer>

export type DeliverAnswer = 'accepted' | 'not_accepted' | 'waiting'

export interface DeliverOptions {
  readonly deliveries: DeliveryStore
  readonly devices: Pick<DeviceStore, 'byId'>
  readonly broker: Pick<Broker, 'retry'>
  readonly channel: PushChannel
  readonly applyOutcome: ApplyOutcome
  readonly gate: OriginGate
  readonly now: () => number
  readonly failpoint: Failpoint
}

/** CONTRACT: plaintext at most 2,800 bytes, after a 413 once more at most 700. */
const usualBytes = 2800
const smallestBytes = 700
/** Beyond the attempt's own deadline, for recording what came of it. */
const leaseMarginMs = 2000

export function createDeliver(options: DeliverOptions): Deliver {
  const { deliveries, now, gate } = options
  return async (job) => {
    const device = await options.devices.byId(job.key.deviceRowId)
    const origin = device === null ? '' : new URL(device.endpoint).origin
    const lane = laneOf(job.queue)
    const freeAtMs = gate.freeAtMs(origin, lane)
    if (freeAtMs > now()) return comeBack(options, job, freeAtMs)

    const leaseMs = job.deadlineMs + leaseMarginMs
    const claim = await deliveries.claim(job.key, { nowMs: now(), leaseMs })
    if (claim.kind === 'settled') return claim.state === 'accepted' ? 'accepted' : 'not_accepted'
    if (claim.kind === 'busy') return comeBack(options, job, claim.untilMs)
    if (claim.kind === 'waiting') return 'waiting' // Its retry is in the broker already.

    await options.failpoint('send.pre')
    if (device === null) return refuse(options, job, 'device_removed')
    return gate.inTurn({ endpointHash: device.endpointHash, origin, lane }, () =>
      attempt(options, job, claim.attempt),
    )
  }
}

/** Asks once more what may have changed while this waited for its turn, then sends. */
async function attempt(
  options: DeliverOptions,
  job: DeliveryJob,
  count: number,
): Promise<DeliverAnswer> {
  const { now, applyOutcome } = options
  const device = await options.devices.byId(job.key.deviceRowId)
  if (device === null || device.ownerId !== job.key.ownerId) {
    return refuse(options, job, 'device_removed')
  }
  if (now() >= job.expiresAtMs) return refuse(options, job, 'expired')
  const unwanted = await job.stillWanted()
  if (unwanted !== null) return refuse(options, job, unwanted)
  if (device.notBeforeMs > now()) return applyOutcome.postpone(job, count, device.notBeforeMs)
  const outcome = await send(options, job, device)
  await options.failpoint('send.prerecord')
  return applyOutcome.record({ job, device, attempt: count, outcome })
}

async function send(options: DeliverOptions, job: DeliveryJob, device: Device): Promise<Outcome> {
  const deadlineMs = Math.max(1, Math.min(job.deadlineMs, job.expiresAtMs - options.now()))
  const outcome = await options.channel.send(device, job.write(device, usualBytes), deadlineMs)
  if (outcome.kind !== 'rejected' || outcome.reason !== 'payload_too_large') return outcome
  return options.channel.send(device, job.write(device, smallestBytes), deadlineMs)
}

/** Back to the broker without an attempt; the ledger is not touched. */
async function comeBack(
  options: DeliverOptions,
  job: DeliveryJob,
  atMs: number,
): Promise<DeliverAnswer> {
  const { now } = options
  const delayMs = Math.min(Math.max(atMs - now(), 10), 600_000)
  if (now() + delayMs >= job.expiresAtMs) {
    // No row yet: on record as expired. A row: whoever holds it records its end.
    await options.deliveries.suppress(job.key, 'expired', now())
    return 'not_accepted'
  }
  const notBefore = new Date(now() + delayMs).toISOString()
  await options.broker.retry(
    job.queue,
    { kind: 'delivery', deliveryId: job.key.id, attempt: 1, notBefore, event: job.event },
    delayMs,
  )
  return 'waiting'
}

async function refuse(
  options: DeliverOptions,
  job: DeliveryJob,
  reason: SuppressionReason,
): Promise<DeliverAnswer> {
  const state = reason === 'expired' ? 'expired' : 'suppressed'
  await options.deliveries.settle(job.key.id, { state, reason }, options.now())
  return 'not_accepted'
}
