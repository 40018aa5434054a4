import type { Accepted, Gone, Outcome, Rejected, Retry } from '@belfry/web-push'
import type { Broker } from '../broker/port.ts'
import type { Device } from '../devices/device.ts'
import type { Failpoint } from '../observability/failpoint.ts'
import type { Log } from '../observability/log.ts'
import type { DeliveryMetrics } from '../observability/metrics.ts'
import type { Announce } from '../broker/announce.ts'
import type { DeliveryStore, DeviceStore } from '../store/port.ts'
import type { DeliverAnswer, DeliveryJob } from './deliver.ts'
import { laneOf } from './lane-of.ts'
import type { KeyMismatches } from './key-mismatch.ts'
import type { OriginGate } from './origin-gate.ts'
import { outcomeInWords } from './outcome-in-words.ts'
import { isApple } from './push-hosts.ts'
import { retryDelayMs } from './retry-delay.ts'

export interface Attempted {
  readonly job: DeliveryJob
  readonly device: Device
  /** Counts from 1. */
  readonly attempt: number
  readonly outcome: Outcome
}

/** Turns the push service's answer into what we do: on record first, then its consequences. */
export interface ApplyOutcome {
  record(attempted: Attempted): Promise<DeliverAnswer>
  /** No attempt was made: the endpoint asked to be left alone until then. */
  postpone(job: DeliveryJob, attempt: number, untilMs: number): Promise<DeliverAnswer>
}

export interface ApplyOutcomeOptions {
  readonly deliveries: Pick<DeliveryStore, 'settle'>
  readonly devices: Pick<DeviceStore, 'note' | 'remove'>
  readonly broker: Pick<Broker, 'retry'>
  readonly gate: Pick<OriginGate, 'note'>
  readonly keyMismatches: KeyMismatches
  readonly announce: Announce
  readonly metrics: DeliveryMetrics
  readonly log: Log
  readonly now: () => number
  readonly random: () => number
  readonly failpoint: Failpoint
}

/** The broker carries waits up to this; a longer one is cut, and the endpoint's own `notBeforeMs` holds the rest. */
const longestBrokerDelayMs = 600_000

export function createApplyOutcome(options: ApplyOutcomeOptions): ApplyOutcome {
  return {
    record(attempted) {
      const { job, device, outcome } = attempted
      options.metrics.count(job.key.kind, outcome.kind, new URL(device.endpoint).host)
      switch (outcome.kind) {
        case 'accepted':
          return onAccepted(options, attempted, outcome)
        case 'gone':
          return forget(options, attempted, outcome)
        case 'retry':
          return onRetry(options, attempted, outcome)
        case 'rejected':
          return onRejected(options, attempted, outcome)
      }
    },
    postpone: (job, attempt, untilMs) =>
      later(options, job, { attempt, untilMs, reason: 'endpoint_asked_to_wait' }),
  }
}

async function onAccepted(
  options: ApplyOutcomeOptions,
  { job, device }: Attempted,
  { status, location }: Accepted,
): Promise<DeliverAnswer> {
  const { now } = options
  const { origin } = new URL(device.endpoint)
  options.gate.note(origin, 'accepted', device.endpointHash)
  options.keyMismatches.noteAccepted(origin, device.vapidPublicKey, device.endpointHash)
  const settlement = {
    state: 'accepted',
    status,
    ...(location === undefined ? {} : { location }),
  } as const
  await Promise.all([
    options.deliveries.settle(job.key.id, settlement, now()),
    options.devices.note(device.id, device.endpointHash, {
      lastAcceptedAtMs: now(),
      lastError: null,
    }),
  ])
  tell(options, device, 'accepted')
  return 'accepted'
}

async function onRetry(
  options: ApplyOutcomeOptions,
  { job, device, attempt }: Attempted,
  outcome: Retry,
): Promise<DeliverAnswer> {
  const { now } = options
  const { retryAfterMs, reason } = outcome
  const { origin } = new URL(device.endpoint)
  if (reason === 'rate_limited') options.gate.note(origin, 'rate_limited', device.endpointHash)
  await options.devices.note(device.id, device.endpointHash, {
    lastError: outcomeInWords(outcome),
    ...(retryAfterMs === undefined ? {} : { notBeforeMs: now() + retryAfterMs }),
  })
  const status = statusOf(outcome)
  if (outcome.ambiguous && isApple(device.endpoint)) {
    // Apple stacks doubles, and the first may have arrived.
    const settlement = { state: 'expired', reason: 'ambiguous_on_apple', ...status } as const
    await options.deliveries.settle(job.key.id, settlement, now())
    return 'not_accepted'
  }
  const delayMs = retryDelayMs(laneOf(job.queue), attempt, { retryAfterMs, random: options.random })
  return later(options, job, { attempt, untilMs: now() + delayMs, reason, ...status })
}

async function later(
  options: ApplyOutcomeOptions,
  job: DeliveryJob,
  wait: { attempt: number; untilMs: number; reason: string; status?: number },
): Promise<DeliverAnswer> {
  const { deliveries, now } = options
  const { attempt, untilMs, ...why } = wait
  if (untilMs >= job.expiresAtMs) {
    await deliveries.settle(job.key.id, { state: 'expired', ...why }, now())
    return 'not_accepted'
  }
  const delayMs = Math.min(untilMs - now(), longestBrokerDelayMs)
  const nextAttemptAtMs = now() + delayMs
  const notBefore = new Date(nextAttemptAtMs).toISOString()
  // Published before it is recorded: a crash between leaves a retry too many, which the ledger absorbs.
  await options.broker.retry(
    job.queue,
    { kind: 'delivery', deliveryId: job.key.id, attempt: attempt + 1, notBefore, event: job.event },
    delayMs,
  )
  await options.failpoint('retry.preack')
  await deliveries.settle(job.key.id, { state: 'retry', nextAttemptAtMs, ...why }, now())
  return 'waiting'
}

async function onRejected(
  options: ApplyOutcomeOptions,
  attempted: Attempted,
  outcome: Rejected,
): Promise<DeliverAnswer> {
  const { job, device } = attempted
  const { host, origin } = new URL(device.endpoint)
  const { reason, hint } = outcome
  if (
    reason === 'key_mismatch' &&
    options.keyMismatches.mayForget(origin, device.vapidPublicKey, device.endpointHash)
  ) {
    return forget(options, attempted, outcome)
  }
  options.log.error(
    { host, reason, status: outcome.status, hint, delivery: job.key.id },
    'WebPush: the push service refuses what we send; nothing was forgotten',
  )
  await options.devices.note(device.id, device.endpointHash, { lastError: outcomeInWords(outcome) })
  const settlement = { state: 'rejected', reason, ...statusOf(outcome) } as const
  await options.deliveries.settle(job.key.id, settlement, options.now())
  tell(options, device, 'failed')
  return 'not_accepted'
}

async function forget(
  options: ApplyOutcomeOptions,
  { job, device }: Attempted,
  outcome: Gone | Rejected,
): Promise<DeliverAnswer> {
  await options.failpoint('prune.mid')
  // Only while the row still has this endpoint: it may have been renewed meanwhile.
  await options.devices.remove(device.id, { endpointHash: device.endpointHash })
  const settlement = { state: 'gone', reason: outcome.reason, ...statusOf(outcome) } as const
  await options.deliveries.settle(job.key.id, settlement, options.now())
  tell(options, device, 'removed')
  return 'not_accepted'
}

function tell(
  options: Pick<ApplyOutcomeOptions, 'announce'>,
  device: Device,
  change: 'accepted' | 'failed' | 'removed',
): void {
  options.announce([device.ownerId], 'devices.updated', { subscriptionId: device.id, change })
}

/** Absent when there was no answer. */
function statusOf(outcome: Outcome): { status?: number } {
  return outcome.status === undefined ? {} : { status: outcome.status }
}
