import type { Outcome, Retry } from '../send/outcome.ts'
import { isRecord } from './is-record.ts'
import { messageError } from './message-error.ts'

/**
 * Reads the tickets of one request: Expo gives them in the order of the messages.
 *
 * @param tokens Of the messages, in the order they were sent.
 * @returns One outcome for each token. Where a ticket is missing, nobody knows.
 */
export function ticketOutcomes(
  tickets: readonly unknown[],
  tokens: readonly string[],
  status: number,
): Outcome[] {
  // Forgetting the wrong device would be worse than a double.
  if (isOutOfOrder(tickets, tokens)) return tokens.map(() => unknown('answer_unreadable', status))
  return tokens.map((_token, index) =>
    index < tickets.length
      ? ticketOutcome(tickets[index], status)
      : unknown('ticket_missing', status),
  )
}

function ticketOutcome(ticket: unknown, status: number): Outcome {
  if (isRecord(ticket) && ticket.status === 'ok') {
    const ticketId = typeof ticket.id === 'string' && ticket.id !== '' ? ticket.id : null
    return { kind: 'accepted', status, ticketId }
  }
  if (isRecord(ticket) && ticket.status === 'error') return messageError(ticket, status)
  return unknown('answer_unreadable', status)
}

/** True when a ticket names the token of another message of the same request. */
function isOutOfOrder(tickets: readonly unknown[], tokens: readonly string[]): boolean {
  const sent = new Set<unknown>(tokens)
  return tokens.some((token, index) => {
    const ticket = tickets[index]
    if (!isRecord(ticket) || !isRecord(ticket.details)) return false
    const named = ticket.details.expoPushToken
    return named !== token && sent.has(named)
  })
}

function unknown(reason: 'answer_unreadable' | 'ticket_missing', status: number): Retry {
  return { kind: 'retry', reason, status, ambiguous: true }
}
