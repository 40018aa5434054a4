import type { Delivery } from '../../delivery/delivery.ts'
import { expoMaxBytes, type ExpoContent } from '../../delivery/expo-push-channel.ts'
import type { ExpoTicket } from '../../delivery/expo-ticket.ts'
import type { PhoneDevice } from '../../devices/device.ts'
import { callContent } from './call-content.ts'
import { bareChatContent } from './chat-content.ts'
import type { ReceiptContext } from './on-receipt.ts'

const deadlineMs = 10_000
const keptMs = 24 * 3_600_000

/**
 * Sends a delivery once more, with its ids alone, and leaves it at that: its receipt is not asked for. A ring
 * and its end are over by the time of a receipt, and so is a message that was read. True when Expo took it.
 */
export async function bareAgain(
  context: ReceiptContext,
  ticket: ExpoTicket,
  device: PhoneDevice,
): Promise<boolean> {
  const delivery = await context.store.deliveries.byId(ticket.deliveryId)
  if (delivery === null || delivery.ownerId !== device.ownerId) return false
  const content = await contentOf(context, delivery, device)
  if (content === null) return false
  const outcome = await context.channel.send(device, content, deadlineMs)
  if (outcome.kind === 'accepted') return true
  const { reason } = outcome
  context.log.warn({ reason, delivery: delivery.id }, 'ExpoPush: the second attempt failed too')
  return false
}

/** Null: there is nothing to say any more. */
async function contentOf(
  context: ReceiptContext,
  delivery: Delivery,
  to: PhoneDevice,
): Promise<ExpoContent | null> {
  const { id: deliveryId, subjectId, eventId, ownerId, createdAtMs } = delivery
  const expiresAtMs = createdAtMs + keptMs
  if (subjectId === null || expiresAtMs <= context.now()) return null
  if (delivery.kind === 'chat_message') {
    const messageId = eventId.slice(`chat:${subjectId}:`.length)
    const marks = await context.store.conversations.readMarks([subjectId])
    const isRead = marks.some((mark) => mark.userId === ownerId && mark.messageId >= messageId)
    if (isRead) return null
    return bareChatContent(context, {
      deliveryId,
      to,
      conversationId: subjectId,
      messageId,
      expiresAtMs,
    })
  }
  if (delivery.kind !== 'missed_call') return null
  const stored = await context.store.calls.byId(subjectId)
  if (stored === null) return null
  return callContent(context, {
    type: 'missed_call',
    call: { ...stored.call, callerName: stored.callerName },
    key: { ...delivery, deviceRowId: to.id },
    to,
    preview: 'none',
    expiresAtMs,
    ttlSeconds: Math.ceil((expiresAtMs - context.now()) / 1000),
    maxBytes: expoMaxBytes.smallest,
  })
}
