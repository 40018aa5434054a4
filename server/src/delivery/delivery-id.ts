import { createHash } from 'node:crypto'

/** The same for every duplicate of an event on its way to one device (or, for a "no", to one person). */
export function deliveryId(eventId: string, deviceRowIdOrUserId: string): string {
  const text = `delivery\n${eventId}\n${deviceRowIdOrUserId}`
  // 24 bytes of SHA-256 are 32 characters of base64url.
  return createHash('sha256').update(text).digest().subarray(0, 24).toString('base64url')
}

/** The event id of a call's ring; see `eventId` in contracts. */
export function callRingEventId(sessionId: string): string {
  return `call:${sessionId}`
}

/** The event id of a message; see `eventId` in contracts. */
export function chatEventId(message: {
  readonly id: string
  readonly conversationId: string
}): string {
  return `chat:${message.conversationId}:${message.id}`
}
