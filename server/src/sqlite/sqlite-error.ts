import { constants } from 'node:os'
import { errorCode } from '../config/access-cure.ts'

// Primary result codes, https://sqlite.org/rescode.html; the low byte of an extended code.
const busy = 5
const locked = 6
const outOfMemory = 7
const readOnly = 8
const ioError = 10
const corrupt = 11
const full = 13
const cannotOpen = 14
const notADatabase = 26

/** SQLite's primary result code, null for an error that is not SQLite's. */
export function resultCode(cause: unknown): number | null {
  if (!(cause instanceof Error) || !('errcode' in cause)) return null
  return typeof cause.errcode === 'number' ? cause.errcode & 0xff : null
}

/** The disk has no room: SQLite's own word, or the system's on the way to a file of ours. */
export function isDiskFull(cause: unknown): boolean {
  if (resultCode(cause) === full) return true
  if (!(cause instanceof Error) || !('errno' in cause) || typeof cause.errno !== 'number')
    return false
  return [constants.errno.ENOSPC, constants.errno.EDQUOT].includes(-cause.errno)
}

/** Nothing wrong with the question: the file cannot be written, or read, now. */
export function isFileTrouble(cause: unknown): boolean {
  const code = resultCode(cause)
  const troubles = [
    busy,
    locked,
    outOfMemory,
    readOnly,
    ioError,
    corrupt,
    full,
    cannotOpen,
    notADatabase,
  ]
  return code !== null && troubles.includes(code)
}

/** The system does not let this process open or write the file. */
export function isRefused(cause: unknown): boolean {
  const code = resultCode(cause)
  if (code !== null) return code === readOnly || code === cannotOpen
  return ['EACCES', 'EPERM', 'EROFS', 'EISDIR'].includes(errorCode(cause) ?? '')
}

export function isBusy(cause: unknown): boolean {
  return resultCode(cause) === busy
}

export function isDamage(cause: unknown): boolean {
  const code = resultCode(cause)
  return code === corrupt || code === notADatabase
}
