import type { History } from './history.ts'
import type { LogEntry } from './log-entry.ts'
import type { Violation } from './violation.ts'

const final = new Set(['accepted', 'gone', 'rejected', 'suppressed', 'expired'])

/**
 * I9, conservation: once it is quiet nothing is in flight, every delivery has one end, and the ledger tells the truth:
 * what it calls accepted a push service took, and what a push service took it knows of.
 */
export function conservation(history: History): Violation[] {
  const quiet = history.of('quiesced')
  if (quiet.length === 0) return [violation('the run never came to rest')]
  const taken = new Set<string>()
  for (const { status, message } of history.pushes) {
    if (status === 201 && message !== null) taken.add(message.deliveryId)
  }
  const rows = new Map(history.deliveries.map((row) => [row.id, row]))
  const places = Map.groupBy(history.deliveries, ({ eventId, row, owner }) => {
    return `${eventId} to ${row ?? owner}`
  })
  return [
    ...quiet.slice(-1).flatMap((entry) =>
      Object.entries(entry.left)
        .filter(([, count]) => count > 0)
        .map(([name, count]) => violation(`${count} left of ${name}`, entry)),
    ),
    ...history
      .of('queue')
      .filter(({ name, messages }) => name !== 'dead' && messages > 0)
      .map((entry) => violation(`${entry.messages} messages left in ${entry.name}`, entry)),
    ...history.deliveries
      .filter(({ state }) => !final.has(state))
      .map((entry) => violation(`${entry.id} is still ${entry.state}`, entry)),
    ...history.deliveries
      .filter(({ id, state }) => state === 'accepted' && !taken.has(id))
      .map((entry) => violation(`${entry.id} is accepted, and no push service took it`, entry)),
    ...[...taken]
      .filter((id) => !rows.has(id))
      .map((id) => violation(`${id} was taken by a push service and is not on record`)),
    ...[...places]
      .filter(([, entries]) => entries.length > 1)
      .map(([place, entries]) => violation(`${place} is on record ${entries.length} times`)),
  ]
}

function violation(what: string, entry: LogEntry | null = null): Violation {
  return { invariant: 'I9', what, entry }
}
