import { isDeepStrictEqual } from 'node:util'
import { domainEvent, type DomainEvent } from '@belfry/contracts'
import * as z from 'zod'
import { json, type Row } from '../../sqlite/row.ts'

const pendingEvents = z.array(domainEvent)

/** The `pending` column. Checked here, so that a wrong event fails its writer and not everybody's outbox. */
export function toPendingColumn(events: readonly DomainEvent[]): string | null {
  return events.length === 0 ? null : JSON.stringify(pendingEvents.parse(events))
}

export function fromPendingColumn(row: Row): DomainEvent[] {
  return row['pending'] === null ? [] : json(row, 'pending', pendingEvents.parse)
}

/**
 * What is still pending once some are confirmed. Told apart by their content: the parts of a message to a
 * large group have the same id.
 */
export function without(
  pending: readonly DomainEvent[],
  confirmed: readonly DomainEvent[],
): DomainEvent[] {
  const gone = pendingEvents.parse(JSON.parse(JSON.stringify(confirmed)))
  return pending.filter((event) => !gone.some((other) => isDeepStrictEqual(event, other)))
}

/** When the event happened, in milliseconds. */
export function happenedAtMs(event: DomainEvent): number {
  switch (event.type) {
    case 'ChatMessage':
      return Date.parse(event.sentAt)
    case 'IncomingCallPushMessage':
      return Date.parse(event.startedAt)
    case 'CallEnded':
      return Date.parse(event.endedAt)
  }
}
