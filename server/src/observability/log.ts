import { pino, type Logger } from 'pino'
import pretty from 'pino-pretty'

/** The one logger. Never an endpoint, token, key or message text: hosts and short hashes only. */
export type Log = Pick<Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error'>

export interface LogOptions {
  readonly level: string
  readonly format: 'pretty' | 'json'
  /** Where JSON goes. Default standard output. */
  readonly sink?: NodeJS.WritableStream
}

/** Fields that must never be printed, should a mistake ever log one. */
const secretFields = [
  'authorization',
  'endpoint',
  'p256dh',
  'auth',
  'token',
  'text',
  'password',
  'receipt',
]
const redact = {
  paths: secretFields.flatMap((name) => [name, `*.${name}`]),
  censor: '[hidden]',
}

export function createLog(options: LogOptions): Logger {
  const base = {
    level: options.level,
    base: null,
    redact,
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  // Together, a tenth of a second's at most: two system calls a message would be a tenth of a worker's time.
  const stdout = () =>
    pino.destination({ dest: 1, sync: false, minLength: 4096, periodicFlush: 100 })
  if (options.format === 'json') return pino(base, options.sink ?? stdout())
  return pino(
    base,
    pretty({
      colorize: process.stdout.isTTY,
      translateTime: 'SYS:HH:MM:ss',
      ignore: 'pid,hostname',
      singleLine: true,
      sync: true,
    }),
  )
}
