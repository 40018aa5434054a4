import type { TestResults } from '@belfry/contracts'
import type { Announce } from '../broker/announce.ts'
import type { Device, PhoneDevice } from '../devices/device.ts'
import { hostOf } from '../devices/device-view.ts'
import type { DeliveryStore, DeviceStore } from '../store/port.ts'
import type { DeliveryOrder } from './deliver.ts'
import { deliveryId } from './delivery-id.ts'
import type { ExpoPushChannel } from './expo-push-channel.ts'
import { inParallel } from './in-parallel.ts'
import { isApple } from './push-hosts.ts'
import type { SendAccepted, SendOutcome } from './send-outcome.ts'
import { testInWords } from './test-in-words.ts'
import { browserTest, phoneTest, type TestNoteOptions } from './test-notification-content.ts'
import type { WebPushChannel } from './web-push-channel.ts'

type TestResult = TestResults['results'][number]
type Kind = 'message' | 'call'

/** Sends at once and says what the push service answered: no queue, no retry, no policy. */
export type TestNotification = (
  userId: string,
  wish: { only: string | null; kind: Kind },
) => Promise<TestResult[]>

export interface TestNotificationOptions extends TestNoteOptions {
  readonly devices: Pick<DeviceStore, 'ofOwner' | 'note' | 'remove'>
  readonly deliveries: Pick<DeliveryStore, 'claim' | 'settle'>
  readonly webPush: Pick<WebPushChannel, 'send'>
  readonly expoPush: Pick<ExpoPushChannel, 'send'> & NotesTickets
  readonly announce: Announce
  readonly newId: () => string
  /** A sentence for Apple devices when our VAPID subject is a placeholder; null when it is not. */
  readonly appleHint: string | null
  /** Of the service that leads to phones; shown to their owners. */
  readonly expoHost: string
}

/** A dead phone may be found out by the receipt only, which is read later. */
interface NotesTickets {
  noteAccepted(
    to: { order: Pick<DeliveryOrder, 'key'>; device: PhoneDevice },
    accepted: SendAccepted,
  ): Promise<void> | void
}

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
  kind: Kind,
): Promise<TestResult> {
  const { deliveries, now } = options
  const eventId = `test:${options.newId()}`
  const key = {
    id: deliveryId(eventId, device.id),
    eventId,
    kind: 'test',
    ownerId: device.ownerId,
    deviceRowId: device.id,
    subjectId: null,
  } as const
  await deliveries.claim(key, { nowMs: now(), leaseMs: deadlineMs * 2 })
  const outcome = await send(options, device, { key, kind })
  await record(options, device, { id: key.id, outcome })
  const hint = hintFor(options, device, outcome)
  return {
    id: device.id,
    outcome: outcome.kind,
    status: outcome.status ?? null,
    host: hostOf(device, options.expoHost),
    ...(hint === null ? {} : { hint }),
  }
}

async function send(
  options: TestNotificationOptions,
  device: Device,
  { key, kind }: Pick<DeliveryOrder, 'key'> & { kind: Kind },
): Promise<SendOutcome> {
  const deliveryId = key.id
  if (device.kind === 'browser') {
    const content = browserTest(options, { to: device, deliveryId, kind })
    return options.webPush.send(device, content, deadlineMs)
  }
  const content = phoneTest(options, { to: device, deliveryId, kind })
  const outcome = await options.expoPush.send(device, content, deadlineMs)
  if (outcome.kind === 'accepted')
    await options.expoPush.noteAccepted({ order: { key }, device }, outcome)
  return outcome
}

async function record(
  options: TestNotificationOptions,
  device: Device,
  { id, outcome }: { id: string; outcome: SendOutcome },
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
      lastError: testInWords(outcome),
      ...(accepted ? { lastAcceptedAtMs: now() } : {}),
    })
  }
  const change = accepted ? 'accepted' : outcome.kind === 'gone' ? 'removed' : 'failed'
  options.announce([device.ownerId], 'devices.updated', { subscriptionId: device.id, change })
}

function hintFor(
  options: TestNotificationOptions,
  device: Device,
  outcome: SendOutcome,
): string | null {
  const isOfApple = device.kind === 'browser' && isApple(device.endpoint)
  const apple = isOfApple ? options.appleHint : null
  // The hint of a rejection is for who runs this, but for the one that concerns the message's length.
  if (outcome.kind === 'rejected' && outcome.reason !== 'payload_too_large')
    return apple ?? outcome.hint
  return testInWords(outcome) ?? apple
}
