import type { SqliteFile, Transaction } from '../../sqlite/sqlite-file.ts'
import type { DeathCause, Verdict } from '../port.ts'
import { buryMessage, postponeMessage, removeMessage, type QueuedMessage } from './queue-table.ts'

/** What is written once a message was handed out. `dueMs` is when it comes again; null: never. */
export interface Recorded {
  readonly dueMs: number | null
  /** Set when it was set aside. */
  readonly death: {
    readonly id: string
    readonly cause: DeathCause
    readonly reason: string
  } | null
}

/** What the handler's answer, or its throwing, comes to. */
export type Ending =
  | Exclude<Verdict, { kind: 'dead' }>
  | { readonly kind: 'dead'; readonly cause: DeathCause; readonly reason: string }
  | { readonly kind: 'threw'; readonly name: string }

export interface RecordOptions {
  readonly clock: () => number
  /** How long after its nth throw a message waits. */
  readonly throwDelayMs: (throws: number) => number
}

/** A handler that threw this often at one message will not be given it again. */
const mostThrows = 20

/** Writes the end of one attempt. Goes on while the disk is full: it is what empties the queue. */
export function recordEnding(
  file: SqliteFile,
  { message, ending }: { message: QueuedMessage; ending: Ending },
  { clock, throwDelayMs }: RecordOptions,
): Promise<Recorded> {
  const bury = (tx: Transaction, cause: DeathCause, reason: string): Recorded => {
    const id = buryMessage(tx, message, { reason, nowMs: clock() })
    return { dueMs: null, death: { id: String(id), cause, reason } }
  }
  const postpone = (tx: Transaction, afterMs: number, throws: number): Recorded => {
    // A millisecond at least: readers never look at a moment twice.
    const dueMs = Math.ceil(clock() + Math.max(1, afterMs))
    postponeMessage(tx, { seq: message.seq, dueMs, throws })
    return { dueMs, death: null }
  }
  return file.write(
    (tx) => {
      switch (ending.kind) {
        case 'done':
          removeMessage(tx, message.seq)
          return { dueMs: null, death: null }
        case 'dead':
          return bury(tx, ending.cause, ending.reason)
        case 'retry':
          return postpone(tx, ending.afterMs, message.throws)
        case 'threw': {
          const throws = message.throws + 1
          if (throws >= mostThrows)
            return bury(tx, 'threw', `its handler threw ${throws} times, at last ${ending.name}`)
          return postpone(tx, throwDelayMs(throws), throws)
        }
      }
    },
    { freesSpace: true, patient: true },
  )
}
