import type { Log } from '../../observability/log.ts'
import type { SqliteFile, Transaction } from '../../sqlite/sqlite-file.ts'
import { BrokerUnavailableError } from '../broker-unavailable-error.ts'
import { queueNames, routes, type Broker, type QueueName } from '../port.ts'
import { Lane } from './lane.ts'
import { noticeBoard } from './notice-board.ts'
import { addMessage, pullForward, surveyQueues } from './queue-table.ts'
import { steadyClock } from '../../steady-clock.ts'

export interface SqliteBrokerOptions {
  readonly file: SqliteFile
  /** The wall clock, milliseconds since the epoch. */
  readonly now: () => number
  readonly log: Pick<Log, 'warn'>
  /** How long after its nth throw a message waits. Default 1 s, doubling, at most 5 min. */
  readonly throwDelayMs?: (throws: number) => number
  /** Older messages are dead. Default 24 h. */
  readonly messageTtlMs?: number
}

/** The longest wait that the port asks for; what is due later than that was written by a clock since set back. */
const longestDelayMs = 600_000

/**
 * The broker of one process, in the embedded file. A message is committed before `publish` resolves, and handed
 * out in the same turn of the event loop. Leaves the file open: whoever opened it closes it.
 */
export function sqliteBroker(options: SqliteBrokerOptions): Broker {
  const { file, log } = options
  const clock = steadyClock(options.now)
  const board = noticeBoard(log)
  const lanes = openLanes(options, clock)

  async function commit<T>(doing: string, work: (tx: Transaction) => T): Promise<T> {
    try {
      return await file.write(work)
    } catch (cause) {
      throw new BrokerUnavailableError(doing, { cause })
    }
  }

  async function add(message: {
    queues: readonly QueueName[]
    body: string
    delayMs: number
  }): Promise<void> {
    const dueMs = await commit('publish', (tx) => {
      const publishedMs = clock()
      const due = Math.ceil(publishedMs + message.delayMs)
      for (const queue of message.queues)
        addMessage(tx, { queue, body: message.body, publishedMs, dueMs: due })
      return due
    })
    for (const queue of message.queues) lanes[queue].added(dueMs)
  }

  void wakeFuture(options, { clock, lanes })

  return {
    publish: (event) =>
      add({ queues: routes[event.type], body: JSON.stringify(event), delayMs: 0 }),
    retry: (queue, delivery, delayMs) =>
      add({ queues: [queue], body: JSON.stringify(delivery), delayMs: Math.max(0, delayMs) }),
    consume: (queue, handler, { prefetch }) => lanes[queue].consume(handler, prefetch),
    broadcast: (notice) => board.post(notice),
    onBroadcast: (listener) => board.listen(listener),
    async depth() {
      return {
        'web-push.chat': lanes['web-push.chat'].depth,
        'web-push.calls': lanes['web-push.calls'].depth,
      }
    },
    async ping() {
      await commit('ping', (tx) => tx.run('UPDATE pings SET count = count + 1 WHERE id = 1'))
    },
    async close() {
      for (const queue of queueNames) lanes[queue].close()
    },
  }
}

type Lanes = Readonly<Record<QueueName, Lane>>

function openLanes(options: SqliteBrokerOptions, clock: () => number): Lanes {
  const { file, log, throwDelayMs = defaultThrowDelayMs } = options
  const { messageTtlMs = 24 * 3600 * 1000 } = options
  const { held, lastSeq: lastSeqAtStart } = surveyQueues(file.read)
  const lane = (queue: QueueName) =>
    new Lane({
      file,
      queue,
      clock,
      log,
      throwDelayMs,
      messageTtlMs,
      lastSeqAtStart,
      held: held.get(queue) ?? 0,
    })
  return { 'web-push.chat': lane('web-push.chat'), 'web-push.calls': lane('web-push.calls') }
}

async function wakeFuture(
  { file, log }: SqliteBrokerOptions,
  { clock, lanes }: { clock: () => number; lanes: Lanes },
): Promise<void> {
  try {
    const dueMs = await pullForward(file, { queues: queueNames, clock, longestDelayMs })
    for (const queue of queueNames) lanes[queue].moved(dueMs)
  } catch (cause) {
    log.warn({ err: cause }, 'Broker: messages from the future could not be pulled forward')
  }
}

function defaultThrowDelayMs(throws: number): number {
  return Math.min(1000 * 2 ** (throws - 1), 300_000)
}
