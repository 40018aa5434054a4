import type { History } from './history.ts'
import type { LogEntry } from './log-entry.ts'
import type { Violation } from './violation.ts'

/** So long after a poison somebody may still suffer from it. */
const affectedMs = 10_000

/** I5, containment: what nobody can read is set aside with a reason, nothing else is, and nothing waits for it. */
export function containment(history: History): Violation[] {
  const dead = history.of('dead')
  const poisons = history.operations.filter(
    ({ invoke, outcome }) => invoke.action === 'poison' && outcome?.kind === 'ok',
  )
  const hot = poisons.flatMap(({ invoke }) => {
    const own = dead.filter(({ subject }) => subject === invoke.subject)
    if (own.some(({ reason }) => reason !== '')) return []
    return [violation(`poison ${invoke.subject} is not among the dead with a reason`, invoke)]
  })
  const known = new Set(poisons.map(({ invoke }) => invoke.subject))
  const harmless = dead
    .filter(({ subject }) => subject === null || !known.has(subject))
    .map((entry) => violation(`a message that was no poison is dead: ${entry.reason}`, entry))
  return [
    ...hot,
    ...harmless,
    ...delayed(
      history,
      poisons.map(({ invoke }) => invoke.monoMs),
    ),
  ]
}

function delayed(history: History, poisonedMs: readonly number[]): Violation[] {
  const { containedWithinMs } = history.limits
  if (containedWithinMs === null || poisonedMs.length === 0) return []
  const arrived = new Map<string, number>()
  for (const { message, monoMs } of history.pushes) {
    if (message !== null && !arrived.has(message.subject)) arrived.set(message.subject, monoMs)
  }
  const took = history.operations.flatMap(({ invoke, outcome }) => {
    if (invoke.action !== 'send' || outcome?.kind !== 'ok') return []
    const affected = poisonedMs.some(
      (atMs) => outcome.monoMs >= atMs && outcome.monoMs <= atMs + affectedMs,
    )
    const atMs = arrived.get(invoke.subject)
    return affected && atMs !== undefined ? [atMs - outcome.monoMs] : []
  })
  const slowest = took.sort((one, other) => one - other)[Math.floor(took.length * 0.99)] ?? 0
  if (slowest <= containedWithinMs) return []
  return [violation(`beside a poison p99 of the others is ${Math.round(slowest)} ms`, null)]
}

function violation(what: string, entry: LogEntry | null): Violation {
  return { invariant: 'I5', what, entry }
}
