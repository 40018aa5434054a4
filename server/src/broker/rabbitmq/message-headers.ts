import type { MessageProperties } from 'amqplib'

/** What a message carries beside its body. Whoever publishes to the exchange himself sends none of it. */
export interface Envelope {
  /** When it came into the broker for the first time, milliseconds since 1970; null when nobody wrote it down. */
  readonly publishedMs: number | null
  /** How often it was handed out and came back by a verdict or a throw. */
  readonly tries: number
  /** How often its handler threw. */
  readonly throws: number
  /** It must wait so much longer before it may be handed out. */
  readonly remainingMs: number
}

export const headerNames = {
  publishedMs: 'x-belfry-published-ms',
  tries: 'x-belfry-tries',
  throws: 'x-belfry-throws',
  remainingMs: 'x-belfry-remaining-ms',
  /** On what is dead. */
  reason: 'x-belfry-reason',
  queue: 'x-belfry-queue',
  diedMs: 'x-belfry-died-ms',
} as const

export type Headers = Readonly<Record<string, unknown>>

export function readEnvelope(properties: Pick<MessageProperties, 'headers'>): Envelope {
  const headers: Headers = properties.headers ?? {}
  return {
    publishedMs: count(headers, headerNames.publishedMs),
    tries: count(headers, headerNames.tries) ?? 0,
    throws: count(headers, headerNames.throws) ?? 0,
    remainingMs: count(headers, headerNames.remainingMs) ?? 0,
  }
}

export function writeEnvelope(envelope: Envelope): Headers {
  return {
    ...(envelope.publishedMs === null ? {} : { [headerNames.publishedMs]: envelope.publishedMs }),
    [headerNames.tries]: envelope.tries,
    ...(envelope.throws === 0 ? {} : { [headerNames.throws]: envelope.throws }),
    ...(envelope.remainingMs === 0 ? {} : { [headerNames.remainingMs]: envelope.remainingMs }),
  }
}

/** A header that is a whole number, not negative: anybody may have written it. */
export function count(headers: Headers, name: string): number | null {
  const value = headers[name]
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

export function word(headers: Headers, name: string): string | null {
  const value = headers[name]
  return typeof value === 'string' ? value : null
}
