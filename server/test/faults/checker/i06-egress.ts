import type { History } from './history.ts'
import type { Violation } from './violation.ts'

/** I6, egress: no connection but to the store, the broker and the push services that are allowed. */
export function egress(history: History): Violation[] {
  const allowed = new Set(history.of('allowed').map(({ address }) => address))
  return history.of('vitals').flatMap((entry) =>
    entry.remotes
      .filter((address) => !allowed.has(address))
      .map((address): Violation => ({
        invariant: 'I6',
        what: `${entry.process} is connected to ${address}`,
        entry,
      })),
  )
}
