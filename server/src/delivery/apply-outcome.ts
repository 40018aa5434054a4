import type { Broker } from '../broker/port.ts'
import type { Device } from '../devices/device.ts'
import type { Failpoint } from '../observability/failpoint.ts'
import type { Log } from '../observability/log.ts'
import type { DeliveryMetrics } from '../observability/metrics.ts'
import type { Announce } from '../broker/announce.ts'
import type { DeliveryStore, DeviceStore } from '../store/port.ts'
import type { DeliverAnswer, DeliveryOrder } from './deliver.ts'
import type { Answer, OriginGate } from './origin-gate.ts'
import { outcomeInWords } from './outcome-in-words.ts'
import type { PushChannel } from './push-channel.ts'
import { retryDelayMs } from './retry-delay.ts'
import { longestRetryDelayMs, retryMessage } from './retry-message.ts'
import type {
  SendAccepted,
  SendGone,
  SendOutcome,
  SendRejected,
  SendRetry,
} from './send-outcome.ts'

export interface Attempted<To extends Device> {
  readonly order: DeliveryOrder
  readonly device: To
  /** Counts from 1. */
  readonly attempt: number
  readonly outcome: SendOutcome
}

/** Turns the push service's answer into what we do: on record first, then its consequences. */
export interface ApplyOutcome<To extends Device> {
  record(attempted: Attempted<To>): Promise<DeliverAnswer>
  /** No attempt was made: not before then. */
  postpone(order: DeliveryOrder, wait: Wait): Promise<DeliverAnswer>
}

interface Wait {
  /** The attempt that comes to nothing. */
  readonly attempt: number
  readonly untilMs: number
  readonly reason: string
  readonly status?: number
}

/** What is particular about a kind of device when it comes to answers. */
type Answering<To extends Device> = Pick<
  PushChannel<To, never>,
  'name' | 'placeOf' | 'noteAccepted' | 'onRejected' | 'mayRepeat'
>

export interface ApplyOutcomeOptions<To extends Device> {
  readonly deliveries: Pick<DeliveryStore, 'settle'>
  readonly devices: Pick<DeviceStore, 'byId' | 'note' | 'remove'>
  readonly broker: Pick<Broker, 'retry'>
  readonly gate: Pick<OriginGate, 'note'>
  readonly channel: Answering<To>
  readonly announce: Announce
  readonly metrics: DeliveryMetrics
  readonly log: Log
  readonly now: () => number
  readonly random: () => number
  readonly failpoint: Failpoint
}

/** A device that is pushed to all day is not written, and its owner's tabs not told, at every push. */
const acceptedIsNewsAfterMs = 10_000

export function createApplyOutcome<To extends Device>(
  options: ApplyOutcomeOptions<To>,
): ApplyOutcome<To> {
  return {
    record(attempted) {
      const { order, device, outcome } = attempted
      const { host, origin } = options.channel.placeOf(device)
      options.metrics.count(order.key.kind, outcome.kind, host)
      options.gate.note({ origin, endpointHash: device.endpointHash }, toAnswer(outcome))
      switch (outcome.kind) {
        case 'accepted':
          return onAccepted(options, attempted, outcome)
        case 'gone':
          return forget(options, attempted, outcome)
        case 'retry':
          return onRetry(options, attempted, outcome)
        case 'rejected':
          return onRejected(options, attempted, { outcome, host })
      }
    },
    postpone: (order, wait) => later(options, order, wait),
  }
}

async function onAccepted<To extends Device>(
  options: ApplyOutcomeOptions<To>,
  attempted: Attempted<To>,
  outcome: SendAccepted,
): Promise<DeliverAnswer> {
  const { channel, deliveries, devices, now } = options
  const { order, device } = attempted
  const noted = channel.noteAccepted(attempted, outcome)
  if (noted !== undefined) await noted
  const { status } = outcome
  const where = 'location' in outcome ? { location: outcome.location } : {}
  const sinceMs = now() - (device.lastAcceptedAtMs ?? 0)
  const isNews = device.lastError !== null || sinceMs > acceptedIsNewsAfterMs
  const news = { lastAcceptedAtMs: now(), lastError: null }
  await Promise.all([
    deliveries.settle(order.key.id, { state: 'accepted', status, ...where }, now()),
    isNews ? devices.note(device.id, device.endpointHash, news) : null,
  ])
  if (isNews) tell(options, device, 'accepted')
  return 'accepted'
}

async function onRetry<To extends Device>(
  options: ApplyOutcomeOptions<To>,
  { order, device, attempt }: Attempted<To>,
  outcome: SendRetry,
): Promise<DeliverAnswer> {
  const { now } = options
  const { retryAfterMs, reason } = outcome
  const noted = options.devices.note(device.id, device.endpointHash, {
    lastError: outcomeInWords(outcome),
    ...(retryAfterMs === undefined ? {} : { notBeforeMs: now() + retryAfterMs }),
  })
  const again = async () => {
    // The first may have arrived.
    if (outcome.ambiguous && !options.channel.mayRepeat(device)) {
      const settlement = { state: 'expired', reason: 'ambiguous_on_apple' } as const
      await options.deliveries.settle(order.key.id, settlement, now())
      return 'not_accepted' as const
    }
    const delayMs = retryDelayMs(order.pace, attempt, { retryAfterMs, random: options.random })
    const untilMs = now() + delayMs
    return later(options, order, { attempt, untilMs, reason, ...statusOf(outcome) })
  }
  const [answer] = await Promise.all([again(), noted])
  return answer
}

type Postponing = Pick<ApplyOutcomeOptions<never>, 'deliveries' | 'broker' | 'failpoint' | 'now'>

async function later(
  options: Postponing,
  order: DeliveryOrder,
  wait: Wait,
): Promise<DeliverAnswer> {
  const { deliveries, now } = options
  const { attempt, untilMs, ...why } = wait
  if (untilMs >= order.expiresAtMs) {
    await deliveries.settle(order.key.id, { state: 'expired', ...why }, now())
    return 'not_accepted'
  }
  // A longer wait is cut: the endpoint's own `notBeforeMs` holds the rest.
  const delayMs = Math.min(untilMs - now(), longestRetryDelayMs)
  const nextAttemptAtMs = now() + delayMs
  const message = retryMessage(order, { attempt: attempt + 1, atMs: nextAttemptAtMs })
  // Published before it is recorded: a crash between leaves a retry too many, which the ledger absorbs.
  await options.broker.retry(order.queue, message, delayMs)
  await options.failpoint('retry.preack')
  await deliveries.settle(order.key.id, { state: 'retry', nextAttemptAtMs, ...why }, now())
  return 'not_accepted'
}

async function onRejected<To extends Device>(
  options: ApplyOutcomeOptions<To>,
  attempted: Attempted<To>,
  { outcome, host }: { outcome: SendRejected; host: string },
): Promise<DeliverAnswer> {
  const { order, device, attempt } = attempted
  const { channel, devices, deliveries, now } = options
  const { reason, hint } = outcome
  const verdict = channel.onRejected(device, outcome)
  if (verdict === 'forget') return forget(options, attempted, outcome)
  options.log.error(
    { host, reason, status: outcome.status, hint, delivery: order.key.id },
    `${channel.name}: the push service refuses what we send; nothing was forgotten`,
  )
  await devices.note(device.id, device.endpointHash, { lastError: outcomeInWords(outcome) })
  tell(options, device, 'failed')
  if (verdict !== 'keep') {
    return later(options, order, { attempt, ...verdict, ...statusOf(outcome) })
  }
  const settlement = { state: 'rejected', reason, ...statusOf(outcome) } as const
  await deliveries.settle(order.key.id, settlement, now())
  return 'not_accepted'
}

async function forget<To extends Device>(
  options: ApplyOutcomeOptions<To>,
  { order, device, attempt }: Attempted<To>,
  outcome: SendGone | SendRejected,
): Promise<DeliverAnswer> {
  const { devices, now } = options
  await options.failpoint('prune.mid')
  // Only while the row still has this endpoint.
  const removed = await devices.remove(device.id, { endpointHash: device.endpointHash })
  if (!removed && (await devices.byId(device.id)) !== null) {
    // Renewed while this was under way: the new endpoint has had no attempt yet.
    const untilMs = now() + retryDelayMs(order.pace, 1, { retryAfterMs: undefined, ...options })
    return later(options, order, { attempt, untilMs, reason: 'renewed' })
  }
  const settlement = { state: 'gone', reason: outcome.reason, ...statusOf(outcome) } as const
  await options.deliveries.settle(order.key.id, settlement, now())
  tell(options, device, 'removed')
  return 'not_accepted'
}

function tell(
  options: Pick<ApplyOutcomeOptions<never>, 'announce'>,
  device: Device,
  change: 'accepted' | 'failed' | 'removed',
): void {
  options.announce([device.ownerId], 'devices.updated', { subscriptionId: device.id, change })
}

/** What it says about the push service, whatever it says about the message. */
function toAnswer(outcome: SendOutcome): Answer {
  if (outcome.kind === 'accepted') return 'accepted'
  if (outcome.kind !== 'retry') return 'other'
  if (outcome.reason === 'rate_limited') return 'rate_limited'
  return outcome.status === undefined && outcome.reason !== 'aborted' ? 'silent' : 'other'
}

/** Absent when there was no answer. */
function statusOf(outcome: SendOutcome): { status?: number } {
  return outcome.status === undefined ? {} : { status: outcome.status }
}
