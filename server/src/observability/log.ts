import { pino, type Logger } from 'pino'
import pretty from 'pino-pretty'

/** The one logger. Never an endpoint, token, key or message text: hosts and short hashes only. */
export type Log = Pick<Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error'>

export interface LogOptions {
  readonly level: string
  readonly format: 'pretty' | 'json'
}

/** Fields that must never be printed, should a mistake ever log one. */
const redact = {
  paths: [
    '*.authorization',
    '*.endpoint',
    '*.p256dh',
    '*.auth',
    '*.token',
    '*.text',
    '*.password',
    '*.receipt',
  ],
  censor: '[hidden]',
}

export function createLog(options: LogOptions): Logger {
  const base = {
    level: options.level,
    base: null,
    redact,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
  }
  if (options.format === 'json') return pino(base)
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
