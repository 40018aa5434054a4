import type { Log } from '../../observability/log.ts'
import type { Handler } from '../port.ts'
import { decodeBody } from '../decode-body.ts'
import type { QueuedMessage } from './queue-table.ts'
import type { Ending } from './verdict-record.ts'

export interface JudgeOptions {
  readonly clock: () => number
  readonly log: Pick<Log, 'warn'>
  readonly messageTtlMs: number
  /** The highest number that was there at the start: up to it, a former process may have handed them out. */
  readonly lastSeqAtStart: number
}

/** Hands one message to its handler, unless it is too old or cannot be read. Never rejects. */
export async function judge(
  handler: Handler,
  message: QueuedMessage,
  { clock, log, messageTtlMs, lastSeqAtStart }: JudgeOptions,
): Promise<Ending> {
  const { queue } = message
  if (clock() - message.publishedMs >= messageTtlMs) {
    return { kind: 'dead', cause: 'expired', reason: 'expired in the queue' }
  }
  const decoded = decodeBody(message.body)
  if (decoded.kind === 'unreadable')
    return { kind: 'dead', cause: 'unreadable', reason: decoded.reason }
  const redelivered = message.tries > 0 || message.seq <= lastSeqAtStart
  try {
    const verdict = await handler(decoded.message, { redelivered })
    return verdict.kind === 'dead' ? { ...verdict, cause: 'refused' } : verdict
  } catch (cause) {
    const throws = message.throws + 1
    log.warn({ err: cause, queue, throws }, 'Broker: a handler threw, its message comes again')
    return {
      kind: 'threw',
      name: cause instanceof Error ? cause.name : 'something that is no Error',
    }
  }
}
