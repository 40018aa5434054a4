import type { DeviceLife, History, Operation } from './history.ts'
import type { Violation } from './violation.ts'

/** What a device hears of each action. */
const pushOf: ReadonlyMap<string, string> = new Map([
  ['send', 'chat_message'],
  ['call', 'incoming_call'],
])

/**
 * I1, no loss: every event that was answered 2xx has, for each live subscription of each recipient, an attempt or a
 * reason on record. A person without any has the reason.
 */
export function noLoss(history: History): Violation[] {
  const attempts = new Set(
    history.pushes.flatMap(({ device, message }) =>
      message === null ? [] : [`${device} ${message.type} ${message.subject}`],
    ),
  )
  const reasons = new Set(
    history.deliveries.flatMap(({ eventId, row, owner, reason }) =>
      reason === null ? [] : [`${eventId} ${row ?? owner}`],
    ),
  )
  const byOwner = Map.groupBy(history.devices.values(), ({ owner }) => owner)
  return acceptedOnce(history).flatMap(({ invoke, outcome }) => {
    const type = pushOf.get(invoke.action) ?? ''
    const id = outcome?.kind === 'ok' ? (outcome.id ?? '') : ''
    const subject = invoke.action === 'call' ? id : invoke.subject
    const eventId = invoke.action === 'call' ? `call:${id}` : id
    const recipients = invoke.to.filter((person) => person !== invoke.by)
    return recipients.flatMap((person) => {
      const owed = (byOwner.get(person) ?? []).filter((life) => isOwed(life, invoke.monoMs))
      const lost = owed.filter(
        ({ device, row }) =>
          !attempts.has(`${device} ${type} ${subject}`) &&
          !reasons.has(`${eventId} ${row}`) &&
          !reasons.has(`${eventId} ${person}`),
      )
      const unreachable = !byOwner.has(person) && !reasons.has(`${eventId} ${person}`)
      return [
        ...lost.map(({ device }) => `${device} has had no attempt, and there is no reason`),
        ...(unreachable ? [`${person} has no device, and no reason is on record`] : []),
      ].map((what): Violation => ({
        invariant: 'I1',
        what: `${invoke.action} ${subject} was accepted: ${what}`,
        entry: outcome,
      }))
    })
  })
}

/** Subscribed before it was asked for, and to the end. */
function isOwed({ sinceMs, untilMs }: DeviceLife, askedMs: number): boolean {
  return sinceMs < askedMs && untilMs === Infinity
}

/** The same subject asked for again is one event. */
function acceptedOnce({ operations }: History): Operation[] {
  const seen = new Set<string>()
  return operations.filter(({ invoke, outcome }) => {
    if (!pushOf.has(invoke.action) || outcome?.kind !== 'ok') return false
    const name = `${invoke.action} ${invoke.action === 'call' ? outcome.id : invoke.subject}`
    if (seen.has(name)) return false
    seen.add(name)
    return true
  })
}
