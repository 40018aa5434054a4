import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { errorCode } from '../config/access-cure.ts'
import { DataDirError } from '../config/data-dir-errors.ts'
import { FileAccessError } from '../config/file-access-error.ts'

/** As `accessSync`: throws where this process may not use the path in that way. */
export type Access = (path: string, mode: number) => void

const files = ['belfry.lock', 'belfry.db', 'belfry.db-wal', 'belfry.db-shm'] as const

/**
 * Whether this process may write what is in `DATA_DIR`. Asked before anything is opened: SQLite takes a file that
 * it may only read without a word, and the program would run and refuse everything.
 *
 * @throws DataDirError, FileAccessError
 */
export function checkMayWrite(dir: string, access: Access = accessSync): void {
  const { R_OK, W_OK, X_OK } = constants
  try {
    access(dir, R_OK | W_OK | X_OK)
  } catch (cause) {
    throw new DataDirError(dir, cause)
  }
  for (const path of files.map((name) => join(dir, name))) {
    try {
      access(path, R_OK | W_OK)
    } catch (cause) {
      if (errorCode(cause) !== 'ENOENT') throw new FileAccessError(path, 'written', { cause })
    }
  }
}
