import type { History, Operation } from './history.ts'
import type { EntryOf, LogEntry } from './log-entry.ts'
import type { Violation } from './violation.ts'

const ranks: ReadonlyMap<string, number> = new Map([
  ['ringing', 0],
  ['accepted', 1],
])
/** `ended` and all the others are final. */
const finalRank = 2
const rankOf = (state: string) => ranks.get(state) ?? finalRank

/**
 * I12, monotone: a call never goes back, and what is final stays; an attempt comes after the time that the push
 * service asked for, and never after there is nothing to say any more.
 */
export function monotone(history: History): Violation[] {
  return [...states(history), ...attempts(history)]
}

function states({ operations, stored }: History): Violation[] {
  const looks = operations.filter(({ invoke }) => invoke.action === 'look')
  const ends = new Map(stored.flatMap((each) => (each.what === 'call' ? [[each.id, each]] : [])))
  const bySession = Map.groupBy(looks, ({ invoke }) => invoke.subject)
  return [...bySession].flatMap(([session, each]) => {
    const seen = each.flatMap(seenState).sort((one, other) => one.askedMs - other.askedMs)
    const end = ends.get(session)
    const last = end?.state == null ? [] : [lastState(end.state, end)]
    return [...seen, ...last].flatMap((now) =>
      seen
        .filter((before) => before.answeredMs < now.askedMs && goesBack(before.state, now.state))
        .slice(0, 1)
        .map((before) => violation(`${session} was ${before.state}, then ${now.state}`, now.entry)),
    )
  })
}

interface SeenState {
  readonly state: string
  readonly askedMs: number
  readonly answeredMs: number
  readonly entry: LogEntry
}

function seenState({ invoke, outcome }: Operation): SeenState[] {
  if (outcome?.kind !== 'ok' || outcome.state === null) return []
  const { state, monoMs: answeredMs } = outcome
  return [{ state, askedMs: invoke.monoMs, answeredMs, entry: outcome }]
}

function lastState(state: string, entry: EntryOf<'stored'>): SeenState {
  return { state, askedMs: entry.monoMs, answeredMs: entry.monoMs, entry }
}

function goesBack(before: string, now: string): boolean {
  if (rankOf(now) < rankOf(before)) return true
  return rankOf(before) === finalRank && now !== before
}

function attempts({ pushes, limits }: History): Violation[] {
  const byDelivery = Map.groupBy(
    pushes.filter(({ message }) => message !== null),
    ({ message }) => message?.deliveryId ?? '',
  )
  return [...byDelivery].flatMap(([id, each]) =>
    each.flatMap((push, index) => {
      const before = each[index - 1]
      const dueMs = (before?.monoMs ?? -Infinity) + (before?.retryAfterMs ?? 0)
      const overMs = (push.message?.expMs ?? Infinity) + 1000 + limits.slackMs
      return [
        ...(push.monoMs < dueMs ? [violation(`${id} was tried again too early`, push)] : []),
        ...(push.wallMs > overMs ? [violation(`${id} was tried after it had expired`, push)] : []),
      ]
    }),
  )
}

function violation(what: string, entry: LogEntry): Violation {
  return { invariant: 'I12', what, entry }
}
