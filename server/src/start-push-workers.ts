import { setTimeout as delay } from 'node:timers/promises'
import type { ExpoSender } from '@belfry/expo-push'
import type { Sender } from '@belfry/web-push'
import type { Broker } from './broker/port.ts'
import { createApplyOutcome } from './delivery/apply-outcome.ts'
import { createDeliver } from './delivery/deliver.ts'
import { expoPlaces, type ExpoPushChannel } from './delivery/expo-push-channel.ts'
import { createFanOut, type FanOut } from './delivery/fan-out.ts'
import type { LaneWorker } from './delivery/lane-worker.ts'
import { createOriginGate, type OriginGate } from './delivery/origin-gate.ts'
import type { PushChannel } from './delivery/push-channel.ts'
import type { PushWork } from './delivery/push-work.ts'
import type { WebPushChannel } from './delivery/web-push-channel.ts'
import type { Device } from './devices/device.ts'
import { prefixed, type Failpoint } from './observability/failpoint.ts'
import type { Log } from './observability/log.ts'
import type { Metrics } from './observability/metrics.ts'
import type { Role } from './roles.ts'
import { startExpoPushNotificationWorker } from './workers/expo-push/expo-push-notification-worker.ts'
import { onReceipt, type ReceiptContext } from './workers/expo-push/on-receipt.ts'
import { startReceiptPoller } from './workers/expo-push/receipt-poller.ts'
import { startWebPushNotificationWorker } from './workers/web-push/web-push-notification-worker.ts'

export interface PushWorkersOptions {
  readonly roles: readonly Role[]
  readonly log: Log
  readonly failpoint: Failpoint
}

/** What the workers share with the rest of the program. */
export interface PushParts extends Omit<PushWork<never, never>, 'channel' | 'fanOut' | 'log'> {
  readonly broker: Broker
  readonly metrics: Metrics
  readonly webPush: WebPushChannel
  readonly sender: Pick<Sender, 'close'>
  readonly expoPush: ExpoPushChannel
  readonly expoSender: Pick<ExpoSender, 'receipts' | 'close'>
  /** What the channel and the reader of receipts both learn. */
  readonly expoKnowledge: Pick<ReceiptContext, 'breakers' | 'pauses'>
  readonly receiptDelayMs: number
  readonly appUrl: string
}

/** Starts the push workers that this process has a role for. `stop` drains them, both at a time. */
export function startPushWorkers(options: PushWorkersOptions, parts: PushParts): LaneWorker {
  const { roles } = options
  const web = roles.includes('web-push') ? startWebPush(options, parts) : null
  const expo = roles.includes('expo-push') ? startExpoPush(options, parts) : null
  return {
    async stop() {
      await Promise.all([
        web === null ? null : drain(web, parts.sender),
        expo === null ? null : drain(expo, parts.expoSender),
      ])
    },
  }
}

/** A push that is under way may take this long; then it is cut off, goes on record as a retry, and waits in the broker. */
const patienceMs = 5000

async function drain(worker: LaneWorker, sender: Pick<Sender, 'close'>): Promise<void> {
  const drained = worker.stop()
  const patience = new AbortController()
  await Promise.race([
    drained,
    delay(patienceMs, null, { signal: patience.signal }).catch(() => null),
  ])
  patience.abort()
  await sender.close()
  await drained
}

function startWebPush(options: PushWorkersOptions, parts: PushParts): LaneWorker {
  const { broker, webPush: channel, now } = parts
  const fanOut = fanOutTo(options, parts, {
    channel,
    gate: createOriginGate(now),
    recordsUnreachable: true,
  })
  const context = { ...parts, channel, fanOut, log: options.log }
  return startWebPushNotificationWorker(context, { broker, failpoint: options.failpoint })
}

/** The worker that sends, and what asks for receipts afterwards. */
function startExpoPush({ log, ...options }: PushWorkersOptions, parts: PushParts): LaneWorker {
  const { broker, expoPush: channel, now } = parts
  const failpoint = prefixed(options.failpoint, 'expo')
  const fanOut = fanOutTo({ log, failpoint }, parts, {
    channel,
    gate: createOriginGate(now, expoPlaces),
    recordsUnreachable: false,
  })
  const context = { ...parts, channel, fanOut, log }
  const worker = startExpoPushNotificationWorker(context, { broker, failpoint })
  const receipts = { ...context, ...parts.expoKnowledge, failpoint }
  const poller = startReceiptPoller({
    expoTickets: parts.store.expoTickets,
    sender: parts.expoSender,
    onReceipt: (ticket, receipt) => onReceipt(receipts, ticket, receipt),
    receiptDelayMs: parts.receiptDelayMs,
    now,
    log,
  })
  return {
    async stop() {
      await Promise.all([worker.stop(), poller.stop()])
    },
  }
}

function fanOutTo<To extends Device, Content>(
  { log, failpoint }: Pick<PushWorkersOptions, 'log' | 'failpoint'>,
  { store, broker, announce, metrics, now }: PushParts,
  to: { channel: PushChannel<To, Content>; gate: OriginGate; recordsUnreachable: boolean },
): FanOut<To, Content> {
  const { devices, deliveries } = store
  const shared = { deliveries, devices, broker, metrics, now, failpoint, ...to }
  const applyOutcome = createApplyOutcome({ ...shared, announce, log, random: Math.random })
  const deliver = createDeliver({ ...shared, applyOutcome })
  return createFanOut({ store, deliver, metrics, now, failpoint, ...to })
}
