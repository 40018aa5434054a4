import * as z from 'zod'
import { appPath, id, instant } from './id.ts'
import { longText } from './long-text.ts'

const extras = {
  /** Version of the event's shape. Absent means 1. */
  v: z.literal(1).optional(),
  /** Where a click leads, as a path; the default follows from the event. */
  url: appPath.optional(),
  avatarUrl: z
    .url({ protocol: /^https$/ })
    .max(2048)
    .optional(),
}

/** A message in a conversation. Routing key `chat.message`. */
export const chatMessage = z.object({
  type: z.literal('ChatMessage'),
  id,
  conversationId: id,
  senderId: id,
  senderName: z.string().max(255),
  recipientIds: z.array(id).max(500),
  text: longText(8000),
  sentAt: instant,
  conversationTitle: z.string().max(255).optional(),
  ...extras,
})
export type ChatMessage = z.infer<typeof chatMessage>

/** A call begins to ring. Routing key `call.incoming`. */
export const incomingCallPushMessage = z.object({
  type: z.literal('IncomingCallPushMessage'),
  sessionId: id,
  callerId: id,
  callerName: z.string().max(255),
  calleeIds: z.array(id).min(1).max(500),
  media: z.enum(['audio', 'video']),
  startedAt: instant,
  expiresAt: instant,
  ...extras,
})
export type IncomingCallPushMessage = z.infer<typeof incomingCallPushMessage>

export const callEndReason = z.enum([
  'accepted',
  'declined',
  'cancelled',
  'missed',
  'busy',
  'ended',
])
export type CallEndReason = z.infer<typeof callEndReason>

/**
 * A call stops ringing, or is over. Routing key `call.ended`.
 * `userId` is who caused it: who accepted, declined or was busy; the caller when cancelled;
 * the caller when missed, because nobody else did anything.
 */
export const callEnded = z.object({
  type: z.literal('CallEnded'),
  sessionId: id,
  reason: callEndReason,
  userId: id,
  endedAt: instant,
  /** Whose ring ends by this. Absent: `userId` for declined and busy, else everybody who was called. */
  calleeIds: z.array(id).max(500).optional(),
  /** The device that did it (its device id or row id): it is not told what it did itself. */
  exceptDeviceId: id.optional(),
  v: z.literal(1).optional(),
})
export type CallEnded = z.infer<typeof callEnded>

/** What the outbox publishes and every lane carries. */
export const domainEvent = z.discriminatedUnion('type', [
  chatMessage,
  incomingCallPushMessage,
  callEnded,
])
export type DomainEvent = z.infer<typeof domainEvent>

/** One delivery tried again. It concerns one device, never the whole event. */
export const deliveryRetry = z.object({
  kind: z.literal('delivery'),
  deliveryId: id,
  attempt: z.int().min(1),
  notBefore: instant,
  event: domainEvent,
})
export type DeliveryRetry = z.infer<typeof deliveryRetry>

/** The body of a message on a lane. */
export const laneMessage = z.union([domainEvent, deliveryRetry])
export type LaneMessage = z.infer<typeof laneMessage>

/**
 * The identity of an event: the same for every duplicate of it, wherever it comes from.
 * A decline or busy by one of several people is an event of its own.
 */
export function eventId(event: DomainEvent): string {
  switch (event.type) {
    case 'ChatMessage':
      return `chat:${event.conversationId}:${event.id}`
    case 'IncomingCallPushMessage':
      return `call:${event.sessionId}`
    case 'CallEnded':
      return event.reason === 'declined' || event.reason === 'busy'
        ? `end:${event.sessionId}:${event.reason}:${event.userId}`
        : `end:${event.sessionId}:${event.reason}`
  }
}
