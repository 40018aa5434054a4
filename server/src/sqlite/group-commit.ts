import type { DatabaseSync } from 'node:sqlite'
import { StoreUnavailableError } from '../store/store-unavailable-error.ts'
import { createCommitPace } from './commit-pace.ts'
import { DataFileClosedError, DiskFullError } from './data-file-errors.ts'
import type { DiskSpace } from './disk-space.ts'
import { isDiskFull, isFileTrouble } from './sqlite-error.ts'
import type { SqliteFile, Transaction } from './sqlite-file.ts'

export interface GroupCommit {
  readonly write: SqliteFile['write']
  readonly checkWritable: SqliteFile['checkWritable']
  /** Commits what was asked for so far; later writes are refused. */
  finish(): void
}

export interface GroupCommitOptions {
  readonly database: DatabaseSync
  readonly transaction: Transaction
  readonly disk: DiskSpace
  /** For messages. */
  readonly path: string
}

interface Job {
  readonly freesSpace: boolean
  /** Does the work and returns what tells its caller so. */
  readonly run: (tx: Transaction) => () => void
  readonly fail: (cause: unknown) => void
}

/**
 * More wait for the next turn: between two commits the event loop must come round. One fsynced commit carries
 * 60 times as many rows a second as one commit a row (188,000 against 3,000 to 6,000).
 */
const mostAtOnce = 256

/** One transaction for everything that was asked for in one turn of the event loop, or in a few of them. */
export function createGroupCommit(options: GroupCommitOptions): GroupCommit {
  const { transaction: tx, disk } = options
  let waiting: Job[] = []
  let closed = false
  /** Of the last commit. */
  let failure: unknown = null
  const pace = createCommitPace({ waiting: () => waiting.length, commit: flush })

  function flush(): void {
    const batch = waiting.splice(0, mostAtOnce)
    const admitted = batch.filter((job) => {
      if (admits(disk, job)) return true
      job.fail(unwritable(new DiskFullError(options.path)))
      return false
    })
    if (admitted.length > 0) commit(admitted)
  }

  function commit(batch: readonly Job[]): void {
    let tell: ReadonlyArray<() => void> = []
    try {
      tx.run('BEGIN IMMEDIATE')
      tell = attemptAll(options, batch) ?? batch.map((job) => attempt(options, job))
      tx.run('COMMIT')
      failure = null
    } catch (cause) {
      failure = cause
      rollBack(options)
      if (isDiskFull(cause)) disk.exhausted()
      for (const job of batch) job.fail(unwritable(cause))
      return
    }
    for (const each of tell) each()
  }

  return {
    write(work, { freesSpace = false, patient = false } = {}) {
      return new Promise((resolve, reject) => {
        if (closed) {
          reject(unwritable(new DataFileClosedError(options.path)))
          return
        }
        const run = (transaction: Transaction) => {
          const value = work(transaction)
          return () => resolve(value)
        }
        waiting.push({ freesSpace, run, fail: reject })
        pace.asked(patient)
      })
    },
    checkWritable() {
      if (closed) throw unwritable(new DataFileClosedError(options.path))
      if (failure !== null) throw unwritable(failure)
      if (!admits(disk, { freesSpace: false })) throw unwritable(new DiskFullError(options.path))
    },
    finish() {
      closed = true
      while (waiting.length > 0) flush()
    },
  }
}

function unwritable(cause: unknown): StoreUnavailableError {
  return new StoreUnavailableError('write', { cause })
}

function admits(disk: DiskSpace, job: Pick<Job, 'freesSpace'>): boolean {
  try {
    return disk.admits(job.freesSpace)
  } catch {
    return false // Looking for room failed for another reason than no room: the next look tells more.
  }
}

/**
 * Without savepoints, which cost a quarter of a batch's time. Null, and nothing done, when one of the jobs
 * throws: then each has to be done by itself.
 */
function attemptAll(
  { database, transaction: tx }: GroupCommitOptions,
  batch: readonly Job[],
): Array<() => void> | null {
  try {
    return batch.map((job) => job.run(tx))
  } catch (cause) {
    if (isFileTrouble(cause) || !database.isTransaction) throw cause
    tx.run('ROLLBACK')
    tx.run('BEGIN IMMEDIATE')
    return null
  }
}

/** What the job throws undoes it alone; trouble with the file is everybody's, and thrown. */
function attempt({ database, transaction: tx }: GroupCommitOptions, job: Job): () => void {
  tx.run('SAVEPOINT job')
  try {
    const done = job.run(tx)
    tx.run('RELEASE job')
    return done
  } catch (cause) {
    // SQLite ends the whole transaction by itself for some errors: https://sqlite.org/lang_transaction.html
    if (isFileTrouble(cause) || !database.isTransaction) throw cause
    tx.run('ROLLBACK TO job')
    tx.run('RELEASE job')
    return () => job.fail(cause)
  }
}

function rollBack({ database, transaction: tx }: GroupCommitOptions): void {
  if (!database.isTransaction) return
  try {
    tx.run('ROLLBACK')
  } catch {
    // The transaction is over all the same, and the first error is the one that says why.
  }
}
