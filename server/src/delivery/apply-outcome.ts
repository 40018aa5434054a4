import type { Accepted, Gone, Outcome, Rejected, Retry } from '@belfry/web-push'
import type { Broker } from '../broker/port.ts'
import type { Device } from '../devices/device.ts'
import type { Failpoint } from '../observability/failpoint.ts'
import type { Log } from '../observability/log.ts'
import type { DeliveryMetrics } from '../observability/metrics.ts'
import type { Announce } from '../broker/announce.ts'
import type { DeliveryStore, DeviceStore } from '../store/port.ts'
import type { DeliverAnswer, DeliveryJob } from './deliver.ts'
import type { KeyMismatches } from './key-mismatch.ts'
import type { Answer, OriginGate } from './origin-gate.ts'
import { outcomeInWords } from './outcome-in-words.ts'
import { isApple } from './push-hosts.ts'
import { retryDelayMs } from './retry-delay.ts'
import { longestRetryDelayMs, retryMessage } from './retry-message.ts'

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
  /** No attempt was made: not before then. */
  postpone(job: DeliveryJob, wait: Wait): Promise<DeliverAnswer>
}

interface Wait {
  /** The attempt that comes to nothing. */
  readonly attempt: number
  readonly untilMs: number
  readonly reason: string
  readonly status?: number
}

export interface ApplyOutcomeOptions {
  readonly deliveries: Pick<DeliveryStore, 'settle'>
  readonly devices: Pick<DeviceStore, 'byId' | 'note' | 'remove'>
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

/** A device that is pushed to all day is not written, and its owner's tabs not told, at every push. */
const acceptedIsNewsAfterMs = 10_000

export function createApplyOutcome(options: ApplyOutcomeOptions): ApplyOutcome {
  return {
    record(attempted) {
      const { job, device, outcome } = attempted
      const { host, origin } = new URL(device.endpoint)
      options.metrics.count(job.key.kind, outcome.kind, host)
      options.gate.note({ origin, endpointHash: device.endpointHash }, toAnswer(outcome))
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
    postpone: (job, wait) => later(options, job, wait),
  }
}

async function onAccepted(
  options: ApplyOutcomeOptions,
  { job, device }: Attempted,
  { status, location }: Accepted,
): Promise<DeliverAnswer> {
  const { keyMismatches, deliveries, devices, now } = options
  const { endpointHash } = device
  keyMismatches.noteAccepted(new URL(device.endpoint).origin, device.vapidPublicKey, endpointHash)
  const where = location === undefined ? {} : { location }
  const sinceMs = now() - (device.lastAcceptedAtMs ?? 0)
  const isNews = device.lastError !== null || sinceMs > acceptedIsNewsAfterMs
  const news = { lastAcceptedAtMs: now(), lastError: null }
  await Promise.all([
    deliveries.settle(job.key.id, { state: 'accepted', status, ...where }, now()),
    isNews ? devices.note(device.id, endpointHash, news) : null,
  ])
  if (isNews) tell(options, device, 'accepted')
  return 'accepted'
}

async function onRetry(
  options: ApplyOutcomeOptions,
  { job, device, attempt }: Attempted,
  outcome: Retry,
): Promise<DeliverAnswer> {
  const { now } = options
  const { retryAfterMs, reason } = outcome
  const noted = options.devices.note(device.id, device.endpointHash, {
    lastError: outcomeInWords(outcome),
    ...(retryAfterMs === undefined ? {} : { notBeforeMs: now() + retryAfterMs }),
  })
  const again = async () => {
    // Apple stacks doubles, and the first may have arrived.
    if (outcome.ambiguous && isApple(device.endpoint)) {
      const settlement = { state: 'expired', reason: 'ambiguous_on_apple' } as const
      await options.deliveries.settle(job.key.id, settlement, now())
      return 'not_accepted' as const
    }
    const delayMs = retryDelayMs(job.pace, attempt, { retryAfterMs, random: options.random })
    const untilMs = now() + delayMs
    return later(options, job, { attempt, untilMs, reason, ...statusOf(outcome) })
  }
  const [answer] = await Promise.all([again(), noted])
  return answer
}

async function later(
  options: ApplyOutcomeOptions,
  job: DeliveryJob,
  wait: Wait,
): Promise<DeliverAnswer> {
  const { deliveries, now } = options
  const { attempt, untilMs, ...why } = wait
  if (untilMs >= job.expiresAtMs) {
    await deliveries.settle(job.key.id, { state: 'expired', ...why }, now())
    return 'not_accepted'
  }
  // A longer wait is cut: the endpoint's own `notBeforeMs` holds the rest.
  const delayMs = Math.min(untilMs - now(), longestRetryDelayMs)
  const nextAttemptAtMs = now() + delayMs
  const message = retryMessage(job, { attempt: attempt + 1, atMs: nextAttemptAtMs })
  // Published before it is recorded: a crash between leaves a retry too many, which the ledger absorbs.
  await options.broker.retry(job.queue, message, delayMs)
  await options.failpoint('retry.preack')
  await deliveries.settle(job.key.id, { state: 'retry', nextAttemptAtMs, ...why }, now())
  return 'not_accepted'
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
  { job, device, attempt }: Attempted,
  outcome: Gone | Rejected,
): Promise<DeliverAnswer> {
  const { devices, now } = options
  await options.failpoint('prune.mid')
  // Only while the row still has this endpoint.
  const removed = await devices.remove(device.id, { endpointHash: device.endpointHash })
  if (!removed && (await devices.byId(device.id)) !== null) {
    // Renewed while this was under way: the new endpoint has had no attempt yet.
    const untilMs = now() + retryDelayMs(job.pace, 1, { retryAfterMs: undefined, ...options })
    return later(options, job, { attempt, untilMs, reason: 'renewed' })
  }
  const settlement = { state: 'gone', reason: outcome.reason, ...statusOf(outcome) } as const
  await options.deliveries.settle(job.key.id, settlement, now())
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

/** What it says about the push service, whatever it says about the message. */
function toAnswer(outcome: Outcome): Answer {
  if (outcome.kind === 'accepted') return 'accepted'
  if (outcome.kind !== 'retry') return 'other'
  if (outcome.reason === 'rate_limited') return 'rate_limited'
  return outcome.status === undefined && outcome.reason !== 'aborted' ? 'silent' : 'other'
}

/** Absent when there was no answer. */
function statusOf(outcome: Outcome): { status?: number } {
  return outcome.status === undefined ? {} : { status: outcome.status }
}
