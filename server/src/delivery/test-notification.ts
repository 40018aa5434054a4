import type { PushData, TestResults } from '@belfry/contracts'
import type { Outcome } from '@belfry/web-push'
import type { Device } from '../devices/device.ts'
import type { Announce } from '../broker/announce.ts'
import type { DeliveryStore, DeviceStore } from '../store/port.ts'
import type { Capabilities } from './capabilities.ts'
import type { PushChannel } from './deliver.ts'
import { deliveryId } from './delivery-id.ts'
import { inParallel } from './in-parallel.ts'
import { outcomeInWords } from './outcome-in-words.ts'
import { isApple } from './push-hosts.ts'
import { pushPayload } from './push-payload.ts'
import { words } from './words.ts'

type TestResult = TestResults['results'][number]

/** Sends at once and says what the push service answered: no queue, no retry, no policy. */
export type TestNotification = (
  userId: string,
  wish: { only: string | null; kind: 'message' | 'call' },
) => Promise<TestResult[]>

export interface TestNotificationOptions {
  readonly devices: Pick<DeviceStore, 'ofOwner' | 'note' | 'remove'>
  readonly deliveries: Pick<DeliveryStore, 'claim' | 'settle'>
  readonly channel: PushChannel
  readonly capabilities: Pick<Capabilities, 'receipt'>
  readonly announce: Announce
  readonly appUrl: string
  readonly now: () => number
  readonly newId: () => string
  /** A sentence for Apple devices when our VAPID subject is a placeholder; null when it is not. */
  readonly appleHint: string | null
}

const ttlSeconds = 60
const deadlineMs = 10_000

export function createTestNotification(options: TestNotificationOptions): TestNotification {
  return async (userId, wish) => {
    const own = await options.devices.ofOwner(userId)
    const wanted = own.filter((device) => wish.only === null || device.id === wish.only)
    return inParallel(wanted, 20, (device) => test(options, device, wish.kind))
  }
}

async function test(
  options: TestNotificationOptions,
  device: Device,
  kind: 'message' | 'call',
): Promise<TestResult> {
  const { deliveries, now } = options
  const eventId = `test:${options.newId()}`
  const id = deliveryId(eventId, device.id)
  const key = {
    id,
    eventId,
    kind: 'test',
    ownerId: device.ownerId,
    deviceRowId: device.id,
    subjectId: null,
  } as const
  await deliveries.claim(key, { nowMs: now(), leaseMs: deadlineMs * 2 })
  const content = {
    payload: payload(options, device, { id, kind }),
    ttlSeconds,
    urgency: 'high',
  } as const
  const outcome = await options.channel.send(device, content, deadlineMs)
  await record(options, device, { id, outcome })
  const hint = hintFor(options, device, outcome)
  return {
    id: device.id,
    outcome: outcome.kind,
    status: outcome.status ?? null,
    host: new URL(device.endpoint).host,
    ...(hint === null ? {} : { hint }),
  }
}

function payload(
  options: TestNotificationOptions,
  device: Device,
  { id, kind }: { id: string; kind: 'message' | 'call' },
): string {
  const ts = Math.floor(options.now() / 1000)
  const receipt = options.capabilities.receipt({
    deliveryId: id,
    deviceRowId: device.id,
    subjectId: '',
  })
  const data: PushData = { v: 1, type: 'test', kind, id, receipt, ts, exp: ts + ttlSeconds }
  const navigate = `${options.appUrl}/settings/notification`
  return pushPayload({ ...words.test[kind], navigate, tag: 'test', silent: false, data }, 2800)
}

async function record(
  options: TestNotificationOptions,
  device: Device,
  { id, outcome }: { id: string; outcome: Outcome },
): Promise<void> {
  const { devices, now } = options
  const accepted = outcome.kind === 'accepted'
  const status = outcome.status === undefined ? {} : { status: outcome.status }
  const reason = outcome.kind === 'accepted' ? {} : { reason: outcome.reason }
  const state = outcome.kind === 'retry' ? 'expired' : outcome.kind
  await options.deliveries.settle(id, { state, ...status, ...reason }, now())
  if (outcome.kind === 'gone')
    await devices.remove(device.id, { endpointHash: device.endpointHash })
  else {
    await devices.note(device.id, device.endpointHash, {
      lastError: outcomeInWords(outcome),
      ...(accepted ? { lastAcceptedAtMs: now() } : {}),
    })
  }
  const change = accepted ? 'accepted' : outcome.kind === 'gone' ? 'removed' : 'failed'
  options.announce([device.ownerId], 'devices.updated', { subscriptionId: device.id, change })
}

function hintFor(
  options: TestNotificationOptions,
  device: Device,
  outcome: Outcome,
): string | null {
  const apple = isApple(device.endpoint) ? options.appleHint : null
  if (outcome.kind === 'rejected') return apple ?? outcome.hint
  return outcomeInWords(outcome) ?? apple
}
