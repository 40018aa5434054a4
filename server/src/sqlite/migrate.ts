import type { DatabaseSync } from 'node:sqlite'
import { DataFileDamagedError, DataFileNewerError } from './data-file-errors.ts'
import { integer } from './row.ts'

/** `belf`: tells our file from any other SQLite file (https://sqlite.org/pragma.html#pragma_application_id). */
const applicationId = 0x62656c66

/** As `identify`, and reads the whole file to find damage. */
export function inspect(database: DatabaseSync, path: string, newest: number): void {
  identify(database, path, newest)
  const finding = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check']
  if (finding !== 'ok') throw new DataFileDamagedError(path, String(finding))
}

/**
 * Whether this program may go on with the file. Changes nothing.
 *
 * Throws `DataFileNewerError` for a file of a newer program, `DataFileDamagedError` for one that is not ours.
 */
export function identify(database: DatabaseSync, path: string, newest: number): void {
  const version = pragma(database, 'user_version')
  const owner = pragma(database, 'application_id')
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' LIMIT 1")
    .get()
  if (owner !== applicationId && (owner !== 0 || version !== 0 || tables !== undefined)) {
    throw new DataFileDamagedError(path, 'it does not carry the mark of a Belfry data file')
  }
  if (version > newest) throw new DataFileNewerError(path, { file: version, program: newest })
}

/**
 * Brings the file to the newest version, each step in one transaction with its number: a crash in the middle
 * leaves the version before, and the next start goes on from there.
 */
export function migrate(database: DatabaseSync, migrations: readonly string[]): void {
  const version = pragma(database, 'user_version')
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue
    database.exec('BEGIN IMMEDIATE')
    try {
      database.exec(sql)
      database.exec(`PRAGMA application_id = ${applicationId}`)
      database.exec(`PRAGMA user_version = ${index + 1}`)
      database.exec('COMMIT')
    } catch (cause) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw cause
    }
  }
}

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  const row = database.prepare(`PRAGMA ${name}`).get()
  return row === undefined ? 0 : integer(row, name)
}
