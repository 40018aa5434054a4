import type { History } from './history.ts'
import type { EntryOf } from './log-entry.ts'
import type { Violation } from './violation.ts'

/**
 * I4, isolation: a push goes to a device of a recipient of its event, encrypted to that device alone, and none to a
 * device that signed out.
 */
export function isolation(history: History): Violation[] {
  const { devices, limits } = history
  const recipients = recipientsOf(history)
  return history.pushes.flatMap((push) => {
    const life = devices.get(push.device)
    const { message } = push
    if (life === undefined) return [violation(`a push to ${push.device}, which nobody has`, push)]
    if (message === null) return [violation(`${push.device} cannot read what it was sent`, push)]
    if (push.monoMs > life.endedMs + limits.lateStopMs) {
      return [violation(`a push to ${push.device} after it signed out`, push)]
    }
    const to = recipients.get(message.subject)
    if (to === undefined)
      return [violation(`a push about ${message.subject}, which nobody caused`, push)]
    if (!to.has(life.owner)) {
      return [violation(`${life.owner} was sent ${message.subject}, which is for others`, push)]
    }
    return []
  })
}

/** Who may hear of a message's key, or of a session. A caller never hears of their own. */
function recipientsOf({ operations, stored }: History): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  const add = (subject: string | null, to: readonly string[]) => {
    if (subject === null) return
    const known = found.get(subject) ?? new Set()
    for (const person of to) known.add(person)
    found.set(subject, known)
  }
  for (const { invoke, outcome } of operations) {
    if (invoke.action === 'send') add(invoke.subject, invoke.to)
    if (invoke.action === 'call') add(outcome?.kind === 'ok' ? outcome.id : null, invoke.to)
  }
  for (const { what, id, to } of stored) if (what === 'call') add(id, to)
  return found
}

function violation(what: string, entry: EntryOf<'push'>): Violation {
  return { invariant: 'I4', what, entry }
}
