import { createHash } from 'node:crypto'
import { domainEvent, type DomainEvent } from '@belfry/contracts'
import * as z from 'zod'

/**
 * Events in the document that caused them. `key` is a hash of the event's content, because the parts of a message
 * to a large group have the same id; a confirm pulls by it, in one write and without reading.
 * The partial index on `pending.sinceMs` holds nothing of a document whose events were all confirmed.
 */
export const pendingEvent = z.object({
  key: z.string(),
  /** When the event happened, milliseconds; above 0, which is what the index asks for. */
  sinceMs: z.number(),
  event: domainEvent,
})
export type PendingEventDocument = z.infer<typeof pendingEvent>

/** Checked here, so that a wrong event fails its writer and not everybody's outbox. */
export function toPending(events: readonly DomainEvent[]): PendingEventDocument[] {
  return events.map((unchecked) => {
    const event = domainEvent.parse(unchecked)
    return { key: contentKey(event), sinceMs: Math.max(1, happenedAtMs(event)), event }
  })
}

/** The same for the same content, however its fields are ordered; fields without a value do not count. */
export function contentKey(event: DomainEvent): string {
  const fields = Object.entries(event)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(fields)).digest('base64url')
}

function happenedAtMs(event: DomainEvent): number {
  switch (event.type) {
    case 'ChatMessage':
      return Date.parse(event.sentAt)
    case 'IncomingCallPushMessage':
      return Date.parse(event.startedAt)
    case 'CallEnded':
      return Date.parse(event.endedAt)
  }
}
