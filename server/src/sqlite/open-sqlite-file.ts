import { chmodSync, mkdirSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type DatabaseSyncOptions } from 'node:sqlite'
import { DataDirError } from '../config/data-dir-errors.ts'
import { FileAccessError } from '../config/file-access-error.ts'
import { StoreUnavailableError } from '../store/store-unavailable-error.ts'
import { DataFileDamagedError } from './data-file-errors.ts'
import { lockDirectory } from './directory-lock.ts'
import { createDiskSpace } from './disk-space.ts'
import { createGroupCommit } from './group-commit.ts'
import { checkMayWrite, type Access } from './may-write.ts'
import { inspect, migrate } from './migrate.ts'
import { migrations as allMigrations } from './migrations.ts'
import { isDamage, isFileTrouble, isRefused } from './sqlite-error.ts'
import type { Reader, SqliteFile } from './sqlite-file.ts'
import { cachedStatements } from './statements.ts'

export interface SqliteFileOptions {
  /** `DATA_DIR`. Made when missing, readable by its owner alone. */
  readonly dir: string
  /** Kept free for the day the disk is full. Default 16 MiB. */
  readonly reserveBytes?: number
  /** How often a full disk is looked at again. Default 2,000. */
  readonly lookForRoomEveryMs?: number
  /** Never goes backwards. Default `performance.now`. */
  readonly monotonicMs?: () => number
  /** The most pages of 4 KiB the file may have. Default unlimited; tests fill it. */
  readonly mostPages?: number
  /** How long another process's write is waited for. Default 2,000. */
  readonly busyTimeoutMs?: number
  readonly migrations?: readonly string[]
  /** Throws where this process may not. Default `accessSync`. */
  readonly access?: Access
}

/**
 * Opens `DATA_DIR/belfry.db` for this process alone.
 *
 * Throws `DataDirError`, `FileAccessError`, `DataDirInUseError`, `DataFileNewerError`, `DataFileDamagedError`, each
 * with what to do, or what the system said.
 */
export function openSqliteFile(options: SqliteFileOptions): SqliteFile {
  makeDirectory(options.dir)
  checkMayWrite(options.dir, options.access)
  const lock = lockDirectory(options.dir, { pid: process.pid, host: hostname() })
  try {
    return openLocked(options, () => lock.release())
  } catch (cause) {
    lock.release()
    throw cause
  }
}

function makeDirectory(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new DataDirError(dir, cause)
  }
}

function openLocked(options: SqliteFileOptions, release: () => void): SqliteFile {
  const path = join(options.dir, 'belfry.db')
  const database = openDatabase(path, options)
  const transaction = cachedStatements(database)
  const disk = createDiskSpace({
    reservePath: join(options.dir, 'belfry.reserve'),
    reserveBytes: options.reserveBytes ?? 16 * 1024 * 1024,
    lookEveryMs: options.lookForRoomEveryMs ?? 2000,
    monotonicMs: options.monotonicMs ?? (() => performance.now()),
    reclaim() {
      database.exec('PRAGMA incremental_vacuum')
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    },
  })
  const commits = createGroupCommit({ database, transaction, disk, path })
  let open = true
  return {
    read: guarded(transaction),
    write: commits.write,
    checkWritable: commits.checkWritable,
    close() {
      if (!open) return Promise.resolve()
      open = false
      commits.finish()
      database.close()
      release()
      return Promise.resolve()
    },
  }
}

function openDatabase(path: string, options: SqliteFileOptions): DatabaseSync {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  const walSize = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
  // SQLite would throw the log away and begin an empty file.
  if (size === 0 && walSize > 0)
    throw new DataFileDamagedError(path, 'it is missing, and its -wal file is not')
  const database = openOrExplain(path, {
    timeout: options.busyTimeoutMs ?? 2000,
    enableForeignKeyConstraints: false,
  })
  try {
    const migrations = options.migrations ?? allMigrations
    if (size > 0) inspect(database, path, migrations.length)
    // Before the first table: pages that pruning frees can be handed back to a full disk.
    else database.exec('PRAGMA auto_vacuum = INCREMENTAL')
    chmodSync(path, 0o600)
    database.exec('PRAGMA journal_mode = WAL')
    // NORMAL survives kill -9 too, but not the loss of power; group commit makes FULL cost little.
    database.exec('PRAGMA synchronous = FULL')
    database.exec('PRAGMA temp_store = MEMORY')
    database.exec('PRAGMA journal_size_limit = 67108864')
    migrate(database, migrations)
    proveWritable(database)
    if (options.mostPages !== undefined)
      database.exec(`PRAGMA max_page_count = ${options.mostPages}`)
    return database
  } catch (cause) {
    database.close()
    if (isDamage(cause)) throw new DataFileDamagedError(path, 'SQLite cannot read it', { cause })
    throw isRefused(cause) ? new FileAccessError(path, 'written', { cause }) : cause
  }
}

function openOrExplain(path: string, options: DatabaseSyncOptions): DatabaseSync {
  try {
    return new DatabaseSync(path, options)
  } catch (cause) {
    throw isRefused(cause) ? new FileAccessError(path, 'written', { cause }) : cause
  }
}

/** SQLite opens what it may only read without a word, and refuses the first write. */
function proveWritable(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE')
  database.exec('ROLLBACK')
}

/** Trouble with the file, met while reading, in the port's word for it. */
function guarded(reader: Reader): Reader {
  function attempt<T>(read: () => T): T {
    try {
      return read()
    } catch (cause) {
      throw isFileTrouble(cause) ? new StoreUnavailableError('read', { cause }) : cause
    }
  }
  return {
    all: (sql, params) => attempt(() => reader.all(sql, params)),
    get: (sql, params) => attempt(() => reader.get(sql, params)),
  }
}
