import type { DomainEvent } from '@belfry/contracts'
import type { Transaction } from '../../sqlite/sqlite-file.ts'

/** How events leave the file for the broker, in the write of what caused them. */
export interface LeavingEvents {
  /** Which of them the row keeps as pending. */
  kept(events: readonly DomainEvent[]): readonly DomainEvent[]
  /** Called with the row written. Returns what to call once that is committed. */
  leave(tx: Transaction, events: readonly DomainEvent[]): () => void
}

/** Puts an event into the queues of its route, in somebody else's transaction. Returns what to call once that is committed. */
export type Enqueue = (tx: Transaction, event: DomainEvent) => () => void

/** The row keeps them until the relay has published them: the broker stands elsewhere. */
export const keptForTheRelay: LeavingEvents = {
  kept: (events) => events,
  leave: () => () => {},
}

/** Straight into the queue of the same file: one commit less before a ring, and nothing to relay. */
export function queuedAtOnce(enqueue: Enqueue): LeavingEvents {
  return {
    kept: () => [],
    leave(tx, events) {
      const wake = events.map((event) => enqueue(tx, event))
      return () => {
        for (const each of wake) each()
      }
    },
  }
}
