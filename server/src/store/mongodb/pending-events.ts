import { createHash } from 'node:crypto'
import { domainEvent, type DomainEvent } from '@belfry/contracts'
import * as z from 'zod'

/**
 * Events in the document that caused them. `key` is a hash of the event's content, because the parts of a message
 * to a large group have the same id; a confirm names them by it.
 */
const pendingEvent = z.object({
  key: z.string(),
  /** When the event happened, milliseconds. */
  sinceMs: z.number(),
  event: domainEvent,
})

/** The fields of a document that events wait in. */
export const pendingFields = {
  pending: z.array(pendingEvent),
  /**
   * When the oldest of them happened; absent when none waits, so that the partial index holds only what does.
   * Above 0, which is what the index asks for. A number of the document, because an index on the array's own
   * would not give MongoDB the oldest first without reading them all.
   */
  pendingSinceMs: z.number().optional(),
}
export type Pending = z.infer<z.ZodObject<typeof pendingFields>>

/** Checked here, so that a wrong event fails its writer and not everybody's outbox. */
export function toPending(events: readonly DomainEvent[]): Pending {
  const pending = events.map((unchecked) => {
    const event = domainEvent.parse(unchecked)
    return { key: contentKey(event), sinceMs: Math.max(1, happenedAtMs(event)), event }
  })
  if (pending.length === 0) return { pending }
  return { pending, pendingSinceMs: Math.min(...pending.map(({ sinceMs }) => sinceMs)) }
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
