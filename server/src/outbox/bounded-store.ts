import type { Log } from '../observability/log.ts'
import type { Store } from '../store/port.ts'
import { OutboxFullError } from './outbox-full-error.ts'

export interface BoundedStoreOptions {
  readonly log: Pick<Log, 'error' | 'info'>
  /** Milliseconds; never goes backwards. */
  readonly now: () => number
  /** So many messages and calls may wait for the broker. */
  readonly mostPending: number
  /** What was accepted between two looks comes on top. */
  readonly lookEveryMs?: number
}

/**
 * The store, but what begins a new event is refused with `OutboxFullError` while too many wait for the broker: an
 * outage must not fill the disk. What ends a call is always written: it is one for each that was begun.
 *
 * A million, the default of `OUTBOX_MAX_PENDING`, is about 1 GB and, at a hundred messages a second, an outage of
 * almost three hours. Counted over all processes on the store, and only while something new comes.
 */
export function boundedStore(
  store: Store,
  { log, now, mostPending, lookEveryMs = 5000 }: BoundedStoreOptions,
): Store {
  // The queue in the same file is bounded by the disk, of which a reserve is kept.
  if (store.outbox.queued) return store
  let full = false
  let lookedMs = Number.NEGATIVE_INFINITY

  async function look(): Promise<void> {
    const before = full
    full = (await store.outbox.count(mostPending)) >= mostPending
    if (full && !before) log.error({ mostPending }, 'Outbox: full, nothing more is accepted')
    if (before && !full) log.info('Outbox: accepting again')
  }

  function admit(): void {
    if (now() - lookedMs >= lookEveryMs) {
      lookedMs = now()
      look().catch(() => {}) // Then the write fails of the same trouble, and says so.
    }
    if (full) throw new OutboxFullError(mostPending)
  }

  return {
    ...store,
    messages: {
      ...store.messages,
      async insert(message, events) {
        admit()
        return store.messages.insert(message, events)
      },
    },
    calls: {
      ...store.calls,
      async insert(call, events) {
        admit()
        return store.calls.insert(call, events)
      },
    },
  }
}
