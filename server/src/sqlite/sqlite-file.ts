import type { Row } from './row.ts'

export type SqlValue = null | number | bigint | string | Uint8Array

/** Statements are prepared once and kept: `sql` MUST come from a fixed set, values go into `params`. */
export interface Reader {
  all(sql: string, params?: readonly SqlValue[]): Row[]
  get(sql: string, params?: readonly SqlValue[]): Row | null
}

export interface Transaction extends Reader {
  /** How many rows were inserted, changed or deleted. */
  run(sql: string, params?: readonly SqlValue[]): number
}

export interface WriteOptions {
  /** For what makes room (deletes, confirms). It goes on while the disk is full; other writes do not. */
  readonly freesSpace?: boolean
  /** Nobody waits for it by the millisecond: it may wait a few turns of the event loop for company. */
  readonly patient?: boolean
}

/** The one file under `DATA_DIR` on which the embedded store and the embedded broker stand. */
export interface SqliteFile {
  /** What is committed. Synchronous. */
  readonly read: Reader
  /**
   * Runs `work` in a transaction with whatever else was asked for in this turn of the event loop, and
   * resolves once that is on the disk (WAL, `synchronous=FULL`). In the order of the calls.
   *
   * - `work` MUST be synchronous and change nothing but the file: it may run twice. What it throws undoes
   *   it alone and rejects this promise with it.
   * - Rejects with `StoreUnavailableError` when the disk is full or broken, or the file closed.
   */
  write<T>(work: (tx: Transaction) => T, options?: WriteOptions): Promise<T>
  /**
   * For what is done before it is written down. Throws `StoreUnavailableError` when a write would be refused now, or
   * the last commit failed.
   */
  checkWritable(): void
  /** Writes what was asked for so far, and lets other processes have the directory. */
  close(): Promise<void>
}
