import type { Log } from '../../observability/log.ts'
import type { DeathCause, Handler, QueueName, Verdict } from '../port.ts'
import { decodeBody } from '../decode-body.ts'
import type { Letter } from './letter-box.ts'
import type { Envelope } from './message-headers.ts'
import { laneTtlMs } from './topology.ts'

export interface JudgeOptions {
  readonly queue: QueueName
  /** The wall clock, milliseconds since 1970. */
  readonly now: () => number
  readonly log: Pick<Log, 'warn'>
  /** How long after its nth throw a message waits. */
  readonly throwDelayMs: (throws: number) => number
}

/** What is to be done with a message, and what it carries when it comes again. */
export type Ending =
  | { readonly kind: 'done' }
  | { readonly kind: 'again'; readonly delayMs: number; readonly envelope: Envelope }
  | { readonly kind: 'dead'; readonly cause: DeathCause; readonly reason: string }

/** A handler that threw this often at one message will not be given it again. */
const mostThrows = 20

/** Hands one message to its handler, unless it must wait longer, is too old or cannot be read. Never rejects. */
export async function judge(
  handler: Handler,
  { message, envelope }: Letter,
  { queue, now, log, throwDelayMs }: JudgeOptions,
): Promise<Ending> {
  if (envelope.remainingMs > 0) {
    return { kind: 'again', delayMs: envelope.remainingMs, envelope }
  }
  const nowMs = now()
  const publishedMs = envelope.publishedMs ?? nowMs
  // The queue's own limit begins anew with every retry.
  if (nowMs - publishedMs >= laneTtlMs)
    return { kind: 'dead', cause: 'expired', reason: 'expired in the queue' }
  const decoded = decodeBody(message.content.toString('utf8'))
  if (decoded.kind === 'unreadable')
    return { kind: 'dead', cause: 'unreadable', reason: decoded.reason }
  const redelivered = message.fields.redelivered || envelope.tries > 0
  const again = (delayMs: number, throws: number): Ending => ({
    kind: 'again',
    delayMs,
    envelope: { publishedMs, tries: envelope.tries + 1, throws, remainingMs: 0 },
  })
  try {
    const verdict: Verdict = await handler(decoded.message, { redelivered })
    if (verdict.kind === 'dead') return { ...verdict, cause: 'refused' }
    return verdict.kind === 'retry' ? again(verdict.afterMs, envelope.throws) : verdict
  } catch (cause) {
    const throws = envelope.throws + 1
    log.warn({ err: cause, queue, throws }, 'Broker: a handler threw, its message comes again')
    const name = cause instanceof Error ? cause.name : 'something that is no Error'
    if (throws >= mostThrows) {
      const reason = `its handler threw ${throws} times, at last ${name}`
      return { kind: 'dead', cause: 'threw', reason }
    }
    return again(throwDelayMs(throws), throws)
  }
}
