import type { History } from './history.ts'
import type { EntryOf } from './log-entry.ts'
import type { Violation } from './violation.ts'

/**
 * I3, no late ring: no ring is sent after its call has expired or was ended, and none to a device that was told the
 * end. A call that nobody took is one missed call; one that was answered is none.
 */
export function noLateRing(history: History): Violation[] {
  return [...afterItsTime(history), ...afterTheEnd(history), ...missedCalls(history)]
}

function afterItsTime({ pushes, operations, limits }: History): Violation[] {
  const expires = new Map<string, number>()
  const ended = new Map<string, number>()
  const begun = new Map<string, number>()
  for (const { invoke, outcome } of operations) {
    if (outcome?.kind !== 'ok') continue
    if (invoke.action === 'call' && outcome.id !== null) {
      begun.set(outcome.id, invoke.monoMs)
      if (outcome.expiresAtMs !== null) expires.set(outcome.id, outcome.expiresAtMs)
    }
    const endedMs = ended.get(invoke.subject) ?? Infinity
    if (invoke.action === 'end') ended.set(invoke.subject, Math.min(endedMs, outcome.monoMs))
  }
  return rings(pushes).flatMap(({ push, message }) => {
    // The payload's second is cut, not rounded.
    const expiresAtMs = expires.get(message.subject) ?? message.expMs + 1000
    const endedMs = ended.get(message.subject) ?? Infinity
    if (push.wallMs > expiresAtMs + limits.slackMs) {
      return [violation(`${message.subject} rang ${push.wallMs - expiresAtMs} ms too late`, push)]
    }
    if (endedMs < (begun.get(message.subject) ?? -Infinity)) {
      return [violation(`${message.subject} rang, though its end was known before`, push)]
    }
    if (push.monoMs > endedMs + limits.lateStopMs) {
      return [violation(`${message.subject} rang after it was ended`, push)]
    }
    return []
  })
}

function afterTheEnd({ pushes }: History): Violation[] {
  const told = new Map<string, number>()
  for (const { device, status, message, monoMs } of pushes) {
    const isEnd = message?.type === 'missed_call' || message?.type === 'call_ended'
    if (!isEnd || status !== 201) continue
    const name = `${device} ${message.subject}`
    if (!told.has(name)) told.set(name, monoMs)
  }
  return rings(pushes).flatMap(({ push, message }) => {
    const toldMs = told.get(`${push.device} ${message.subject}`) ?? Infinity
    if (push.monoMs <= toldMs) return []
    return [
      violation(`${message.subject} rang on ${push.device} after that was told its end`, push),
    ]
  })
}

function missedCalls(history: History): Violation[] {
  const missed = Map.groupBy(
    history.pushes.filter(({ message }) => message?.type === 'missed_call'),
    ({ message }) => message?.subject ?? '',
  )
  const reasons = new Set(
    history.deliveries.flatMap(({ eventId, row, reason }) =>
      reason === null ? [] : [`${eventId} ${row}`],
    ),
  )
  const ringing = Map.groupBy(rings(history.pushes), ({ message }) => message.subject)
  return history.stored.flatMap(({ what, id, state, to }) => {
    const pushes = missed.get(id) ?? []
    if (what !== 'call') return []
    if (state !== 'missed' && state !== 'cancelled') {
      const wrong = pushes.map((push) =>
        violation(`${id} is ${state}, and was told as missed`, push),
      )
      return wrong
    }
    const devices = new Set((ringing.get(id) ?? []).map(({ push }) => push.device))
    return [...devices].flatMap((device) => {
      const life = history.devices.get(device)
      const isOwed = life?.untilMs === Infinity && to.includes(life.owner)
      const told = pushes.some((push) => push.device === device)
      const reasoned = reasons.has(`end:${id}:${state} ${life?.row}`)
      if (!isOwed || told || reasoned) return []
      return [violation(`${id} rang on ${device}, is ${state}, and was not told as missed`)]
    })
  })
}

interface Ring {
  readonly push: EntryOf<'push'>
  readonly message: NonNullable<EntryOf<'push'>['message']>
}

function rings(pushes: readonly EntryOf<'push'>[]): Ring[] {
  return pushes.flatMap((push) =>
    push.message?.type === 'incoming_call' ? [{ push, message: push.message }] : [],
  )
}

function violation(what: string, entry: EntryOf<'push'> | null = null): Violation {
  return { invariant: 'I3', what, entry }
}
