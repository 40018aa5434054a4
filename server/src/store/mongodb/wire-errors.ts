import { MongoError, MongoNetworkError, MongoServerError, MongoWriteConcernError } from 'mongodb'

/** Another writer was first, and what it wrote cannot be seen yet: look again. Never leaves this folder. */
export class LostRaceError extends Error {
  readonly code = 'LOST_RACE'

  constructor(over: string) {
    super(`Another writer was first at ${over}.`)
    this.name = 'LostRaceError'
  }
}

/**
 * A unique key is held by another document. The one place that knows how servers say so: MongoDB by code 11000,
 * FerretDB, for find-and-modify and for an index over duplicates, by code 1 with PostgreSQL's sentence.
 */
export function isDuplicate(error: unknown): boolean {
  if (!(error instanceof MongoServerError)) return false
  if (error.code === 11000) return true
  return (
    error.code === 1 &&
    /(violates|could not create) (unique|exclusion) (constraint|index)/.test(error.message)
  )
}

/**
 * What a failure says about the write:
 * - `conflict`: it was not made, because another one was under way; again, and it may be;
 * - `unknown`: it may have been made; again, when that is safe;
 * - `refused`: it was not, and again would not help.
 */
export type Failure = 'conflict' | 'unknown' | 'refused'

const writeConflict = 112

/**
 * The primary went away or is going: InterruptedAtShutdown, InterruptedDueToReplStateChange, NotWritablePrimary,
 * NotPrimaryNoSecondaryOk, NotPrimaryOrSecondary, PrimarySteppedDown, ShutdownInProgress, HostNotFound,
 * HostUnreachable, NetworkTimeout, SocketException, ExceededTimeLimit. And 1, InternalError: that is how FerretDB
 * tells that its PostgreSQL is away.
 */
const passing = new Set([11600, 11602, 10107, 13435, 13436, 189, 91, 7, 6, 89, 9001, 262, 1])

/**
 * Of Node's sockets. The driver passes them on as they are when the server closes a connection at the moment of a
 * write.
 */
const socketCodes = new Set([
  'EPIPE',
  'ECONNRESET',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
])

function isSocketError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    socketCodes.has(error.code)
  )
}

/** The database's trouble, or that of the line to it. Everything else is a mistake of ours. */
export function isTrouble(error: unknown): boolean {
  return error instanceof MongoError || error instanceof LostRaceError || isSocketError(error)
}

/** The one place that tells "try again" from "give up". */
export function failureOf(error: unknown): Failure {
  if (error instanceof LostRaceError || isDuplicate(error)) return 'conflict'
  if (isSocketError(error)) return 'unknown'
  if (!(error instanceof MongoError)) return 'refused'
  if (error.code === writeConflict || error.hasErrorLabel('TransientTransactionError')) {
    return 'conflict'
  }
  // FerretDB over PostgreSQL; it has no code of its own.
  if (error instanceof MongoServerError && /deadlock detected/.test(error.message))
    return 'conflict'
  if (error instanceof MongoNetworkError || error instanceof MongoWriteConcernError)
    return 'unknown'
  if (error.hasErrorLabel('RetryableWriteError')) return 'unknown'
  return typeof error.code === 'number' && passing.has(error.code) ? 'unknown' : 'refused'
}
