import type { Reader } from '../../sqlite/sqlite-file.ts'
import type { QueueName } from '../port.ts'
import { messagesAfter, nextDueMs, type Cursor, type QueuedMessage } from './queue-table.ts'

/**
 * What waits in one queue, read page by page: a backlog of any length costs the memory of one page.
 *
 * It remembers how far it read. Nothing is ever added before that: what is published is due now or later, by a
 * clock that never goes back, and what is postponed is due later by at least a millisecond.
 */
export interface WaitingMessages {
  /** The next one that is due; it is not given again. */
  take(): QueuedMessage | null
  /** One was added or postponed that will be due then. */
  added(dueMs: number): void
  /** This one was added and is due. When it is the next, it need not be read back: 0.1 ms of a ring. */
  offer(message: QueuedMessage): void
  /** When `take` has more to give; null when nothing waits. */
  nextDueMs(): number | null
}

export interface WaitingMessagesOptions {
  readonly read: Reader
  readonly queue: QueueName
  readonly clock: () => number
}

const pageSize = 256

export function waitingMessages({ read, queue, clock }: WaitingMessagesOptions): WaitingMessages {
  let page: QueuedMessage[] = []
  let taken = 0
  let cursor: Cursor = { dueMs: Number.MIN_SAFE_INTEGER, seq: 0 }
  /** False once a page came back short: then nothing is due until `nextMs`, or until something is added. */
  let more = true
  let nextMs: number | null = null

  function load(): void {
    const untilMs = clock()
    if (nextMs !== null && nextMs <= untilMs) more = true
    if (!more) return
    page = messagesAfter(read, { queue, cursor, untilMs, limit: pageSize })
    taken = 0
    const last = page.at(-1)
    if (last !== undefined) cursor = { dueMs: last.dueMs, seq: last.seq }
    more = page.length === pageSize
    if (!more) nextMs = nextDueMs(read, queue, untilMs)
  }

  function added(dueMs: number): void {
    if (nextMs === null || dueMs < nextMs) nextMs = dueMs
  }

  return {
    take() {
      if (taken === page.length) load()
      const message = page[taken]
      if (message === undefined) return null
      taken += 1
      return message
    },
    added,
    offer(message) {
      const { dueMs, seq } = message
      const isRead = dueMs < cursor.dueMs || (dueMs === cursor.dueMs && seq <= cursor.seq)
      if (isRead) return // With a page that was read between its commit and now.
      // Nothing in hand, nothing unread, and what is delayed comes later: the cursor passes over nobody.
      const isNext = taken === page.length && !more && (nextMs === null || dueMs < nextMs)
      if (!isNext) return added(dueMs)
      page = [message]
      taken = 0
      cursor = { dueMs, seq }
    },
    nextDueMs: () => (more || taken < page.length ? clock() : nextMs),
  }
}
