import type { History } from './history.ts'
import type { EntryOf } from './log-entry.ts'
import type { Violation } from './violation.ts'

/**
 * I2, seen once: of one event a device shows one notification, however often it comes. It drops what has the delivery
 * id of one that it has seen; so all copies share it, and the tag and Topic by which later ones replace it. And a
 * copy needs a cause: a process that died, or a fault, between the two.
 */
export function seenOnce(history: History): Violation[] {
  const taken = history.pushes.filter(({ status }) => status === 201)
  const named = taken.flatMap((push) =>
    push.message === null ? [] : [{ push, message: push.message }],
  )
  const twice = Map.groupBy(
    named,
    ({ push, message }) => `${push.device} ${message.type} ${message.subject}`,
  )
  const shownTwice = [...twice].flatMap(([name, copies]) => {
    const ids = new Set(copies.map(({ message }) => message.deliveryId))
    const [last = null] = copies.slice(-1)
    return ids.size > 1 ? [violation(`${name} is shown ${ids.size} times`, last?.push)] : []
  })
  const byDelivery = Map.groupBy(named, ({ message }) => message.deliveryId)
  const copied = [...byDelivery].flatMap(([id, copies]) => [
    ...differing(id, copies),
    ...uncaused(history, id, copies),
  ])
  return [...shownTwice, ...copied]
}

interface Copy {
  readonly push: EntryOf<'push'>
  readonly message: NonNullable<EntryOf<'push'>['message']>
}

function differing(id: string, copies: readonly Copy[]): Violation[] {
  const faces = new Set(
    copies.map(({ push, message }) => `${push.device} ${push.topic} ${message.tag}`),
  )
  if (faces.size <= 1) return []
  return [
    violation(`copies of ${id} differ in device, Topic or tag, and stack`, copies.at(-1)?.push),
  ]
}

function uncaused(
  { disturbances, limits: { slackMs } }: History,
  id: string,
  copies: readonly Copy[],
): Violation[] {
  return copies.slice(1).flatMap(({ push }, index) => {
    const before = copies[index]?.push.monoMs ?? push.monoMs
    const caused = disturbances.some(
      ({ fromMs, toMs }) => fromMs <= push.monoMs + slackMs && toMs >= before - slackMs,
    )
    return caused ? [] : [violation(`${id} came again, and nothing had happened`, push)]
  })
}

function violation(what: string, entry: EntryOf<'push'> | undefined): Violation {
  return { invariant: 'I2', what, entry: entry ?? null }
}
