import { hash } from 'node:crypto'

/**
 * The same for every duplicate of an event on its way to one device (or, for a "no", to one person): a hash of both,
 * 32 characters. It begins with the time in the event's id, where that ends in a UUIDv7, so that what is new lies
 * together in the ledger's index: docs/decisions/0019-a-claim-is-no-write.md.
 */
export function deliveryId(eventId: string, deviceRowIdOrUserId: string): string {
  const digest = hash('sha256', `delivery\n${eventId}\n${deviceRowIdOrUserId}`, 'base64url')
  const time = uuidV7.exec(eventId.slice(-36))
  if (time === null) return digest.slice(0, 32)
  return Buffer.from(`${time[1]}${time[2]}`, 'hex').toString('base64url') + digest.slice(0, 24)
}

/** Its first 48 bits are milliseconds: RFC 9562 section 5.7. */
const uuidV7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

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
