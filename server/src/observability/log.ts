import { pino, type Logger } from 'pino'
import pretty from 'pino-pretty'
import { hideSecrets } from './hide-secrets.ts'

/** The one logger. Never an endpoint, token, key or message text: hosts and short hashes only. */
export type Log = Pick<Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error'>

export interface LogOptions {
  readonly level: string
  readonly format: 'pretty' | 'json'
  /** Where JSON goes. Default standard output. */
  readonly sink?: NodeJS.WritableStream
}

export function createLog(options: LogOptions): Logger {
  const base = {
    level: options.level,
    base: null,
    // Not pino's `redact`, which also goes through the words of every line: 6 % of all that a worker allocates.
    formatters: { log: hideSecrets },
    serializers: { err: (cause: Error) => hideSecrets({ ...pino.stdSerializers.err(cause) }) },
    timestamp: createTimestamp(Date.now),
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

/** `,"time":"…"`, as pino wants it, put together once a millisecond. */
function createTimestamp(now: () => number): () => string {
  let atMs = Number.NaN
  let text = ''
  return () => {
    const nowMs = now()
    if (nowMs !== atMs) {
      atMs = nowMs
      text = `,"time":"${new Date(nowMs).toISOString()}"`
    }
    return text
  }
}
