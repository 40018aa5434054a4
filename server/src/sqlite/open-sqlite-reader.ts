import { accessSync, constants, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { FileAccessError } from '../config/file-access-error.ts'
import { StoreUnavailableError } from '../store/store-unavailable-error.ts'
import { DataFileDamagedError, DataFileMissingError } from './data-file-errors.ts'
import type { Access } from './may-write.ts'
import { identify } from './migrate.ts'
import { migrations } from './migrations.ts'
import { isDamage, isFileTrouble, isRefused } from './sqlite-error.ts'
import type { Reader } from './sqlite-file.ts'
import { cachedStatements } from './statements.ts'

export interface SqliteReader {
  readonly read: Reader
  close(): void
}

/**
 * Opens `DATA_DIR/belfry.db` to look at it, whether or not another process holds the directory: SQLite's log lets
 * one write while others read. Changes nothing, and does not check the whole file.
 *
 * Throws `DataFileMissingError`, `FileAccessError`, `DataFileNewerError`, `DataFileDamagedError`, each with what to do.
 */
export function openSqliteReader(
  dir: string,
  busyTimeoutMs = 2000,
  access: Access = accessSync,
): SqliteReader {
  const path = join(dir, 'belfry.db')
  let database: DatabaseSync | null = null
  try {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (size === 0) throw new DataFileMissingError(path)
    access(path, constants.R_OK)
    const opened = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs })
    database = opened
    identify(opened, path, migrations.length)
    return { read: cachedStatements(opened), close: () => opened.close() }
  } catch (cause) {
    database?.close()
    if (isRefused(cause)) throw new FileAccessError(path, 'read', { cause })
    if (isDamage(cause)) throw new DataFileDamagedError(path, 'SQLite cannot read it', { cause })
    throw isFileTrouble(cause) ? new StoreUnavailableError('read', { cause }) : cause
  }
}
