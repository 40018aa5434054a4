import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { DataDirInUseError } from './data-file-errors.ts'
import { integer, text } from './row.ts'
import { isBusy } from './sqlite-error.ts'

export interface DirectoryLock {
  release(): void
}

/** Who asks, and for how long to wait for somebody who is just asking too. */
export interface Holder {
  readonly pid: number
  readonly host: string
}

/** A holder is in the middle of writing its own name at most this long. */
const waitMs = 250
const mostRaces = 10

/**
 * Keeps every other process off the directory until `release`, or until this process is gone, however it went.
 *
 * It is an open write transaction (a RESERVED lock) on a small database of its own: the operating system ends
 * it with the process, so that nothing is stale after kill -9 and no pid can be mistaken for another's. A
 * RESERVED lock lets others read, which is how the refused one learns the pid
 * (https://sqlite.org/lockingv3.html#locking).
 *
 * Throws `DataDirInUseError`.
 */
export function lockDirectory(dir: string, holder: Holder): DirectoryLock {
  const database = new DatabaseSync(join(dir, 'belfry.lock'), { timeout: waitMs })
  try {
    for (let race = 0; race < mostRaces; race += 1) {
      database.exec('BEGIN IMMEDIATE')
      database.exec(
        'CREATE TABLE IF NOT EXISTS holder (id INTEGER PRIMARY KEY, pid INTEGER NOT NULL, host TEXT NOT NULL)',
      )
      database
        .prepare('INSERT OR REPLACE INTO holder (id, pid, host) VALUES (1, ?, ?)')
        .run(holder.pid, holder.host)
      database.exec('COMMIT')
      // Between the two another one may have come; then its name stands there, and it is about to take the lock.
      database.exec('BEGIN IMMEDIATE')
      const named = readHolder(database)
      if (named?.pid === holder.pid && named.host === holder.host)
        return { release: () => database.close() }
      database.exec('ROLLBACK')
    }
    throw new DataDirInUseError(dir, readHolder(database))
  } catch (cause) {
    const refusal = isBusy(cause)
      ? new DataDirInUseError(dir, readHolder(database), { cause })
      : cause
    database.close()
    throw refusal
  }
}

function readHolder(database: DatabaseSync): Holder | null {
  try {
    const row = database.prepare('SELECT pid, host FROM holder WHERE id = 1').get()
    return row === undefined ? null : { pid: integer(row, 'pid'), host: text(row, 'host') }
  } catch {
    return null // It holds the lock and has not written its name yet: the refusal stands without it.
  }
}
