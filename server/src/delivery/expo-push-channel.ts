import {
  ExpoPushError,
  type ExpoMessage,
  type ExpoSender,
  type Outcome,
  type Pace,
} from '@belfry/expo-push'
import type { PhoneDevice } from '../devices/device.ts'
import type { DeviceStore, ExpoTicketStore } from '../store/port.ts'
import type { DeliveryOrder } from './deliver.ts'
import type { ExpoBreakers } from './expo-breakers.ts'
import type { PushChannel } from './push-channel.ts'
import { firstReceiptTimeMs } from './receipt-times.ts'
import type { SendAccepted } from './send-outcome.ts'
import type { TokenPauses } from './token-pauses.ts'

/** One notification for one phone. */
export interface ExpoContent {
  readonly message: Omit<ExpoMessage, 'to'>
  /** A ring does not wait for company. */
  readonly pace: Pace
}

/** Apple and Google take 4,096 bytes after Expo has wrapped it. After "too large": ids alone. */
export const expoMaxBytes = { usual: 3000, smallest: 1000 } as const

/** For the gate. The sender has six requests under way, of up to a hundred messages each, and keeps one of them for rings. */
export const expoPlaces = { calls: 600, chat: 500 } as const

export type ExpoPushChannel = PushChannel<PhoneDevice, ExpoContent>

export interface ExpoPushChannelOptions {
  readonly sender: Pick<ExpoSender, 'send'>
  readonly devices: Pick<DeviceStore, 'replace'>
  readonly expoTickets: Pick<ExpoTicketStore, 'add'>
  readonly breakers: ExpoBreakers
  readonly pauses: TokenPauses
  /** How long after a push its receipt is first asked for. */
  readonly receiptDelayMs: number
  readonly now: () => number
}

/** Sends to phones, by way of Expo. */
export function expoPushChannel(options: ExpoPushChannelOptions): ExpoPushChannel {
  const { breakers, sender } = options
  return {
    name: 'ExpoPush',
    queues: { chat: 'expo-push.chat', calls: 'expo-push.calls' },
    maxBytes: expoMaxBytes,
    takes: (device) => device.kind === 'phone',
    // Expo limits projects: what one of them brought upon itself is no other's.
    placeOf: ({ projectId }) => ({ origin: `expo ${projectId ?? ''}`, host: 'expo' }),
    holdOf: (device) => breakers.holdOf(device),
    // A double replaces the first, by its tag and collapseId, or is dropped by its id.
    mayRepeat: () => true,
    noteAccepted: ({ order, device }, accepted) => noteTicket(options, { order, device }, accepted),
    onRejected: (device, { reason }) => breakers.open(device, reason) ?? 'keep',
    async send(device, content, deadlineMs) {
      const { token, projectId } = device
      const message = { ...content.message, to: token }
      try {
        const push = { message, projectId, deadlineMs, pace: content.pace }
        return await withLessons(options, device, await sender.send(push))
      } catch (cause) {
        // The program stops: what was still waiting for its turn goes the way of what was cut off.
        if (cause instanceof ExpoPushError && cause.code === 'SENDER_CLOSED') {
          return { kind: 'retry', reason: 'aborted', ambiguous: false }
        }
        throw cause
      }
    },
  }
}

/** What the answer says of the phone beside what became of the push. */
async function withLessons(
  { devices, pauses }: ExpoPushChannelOptions,
  device: PhoneDevice,
  outcome: Outcome,
): Promise<Outcome> {
  const projectId = outcome.learntProjectId
  // Its next push need not be refused once more to be sorted out.
  if (projectId !== undefined) await devices.replace(device, { ...device, projectId })
  if (outcome.kind !== 'retry' || outcome.reason !== 'token_rate_limited') return outcome
  return { ...outcome, retryAfterMs: pauses.nextMs(device.endpointHash) }
}

/**
 * Before the ledger calls it accepted: a ticket too many is asked for in vain, but of a push
 * without one we would never hear that the phone is gone.
 */
async function noteTicket(
  { expoTickets, receiptDelayMs, now }: ExpoPushChannelOptions,
  { order, device }: { order: DeliveryOrder; device: PhoneDevice },
  accepted: SendAccepted,
): Promise<void> {
  const id = 'ticketId' in accepted ? accepted.ticketId : null
  if (id === null) return
  const createdAtMs = now()
  const ticket = {
    id,
    deliveryId: order.key.id,
    deviceRowId: device.id,
    endpointHash: device.endpointHash,
    projectId: device.projectId,
    asked: 0,
    askAtMs: firstReceiptTimeMs(createdAtMs, receiptDelayMs),
    createdAtMs,
  }
  await expoTickets.add([ticket])
}
