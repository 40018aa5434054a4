import { domainEvent, type DomainEvent } from '@belfry/contracts'
import type { Log } from '../../observability/log.ts'
import type { Reader, SqliteFile, Transaction } from '../../sqlite/sqlite-file.ts'
import { BrokerUnavailableError } from '../broker-unavailable-error.ts'
import { deathToll, type DeathToll } from '../death-toll.ts'
import { queueNames, routes, type Broker, type QueueName } from '../port.ts'
import { deadMessages } from './dead-messages.ts'
import { Lane } from './lane.ts'
import { noticeBoard } from './notice-board.ts'
import { addMessage, countDead, pullForward, surveyQueues } from './queue-table.ts'
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
  /**
   * Asked for every event and queue of its route: false leaves the queue out, because nobody could be
   * reached by what it feeds. Default: all are wanted.
   */
  readonly isWanted?: (read: Reader, queue: QueueName) => boolean
}

/** The longest wait that the port asks for; what is due later than that was written by a clock since set back. */
const longestDelayMs = 600_000

export interface SqliteBroker extends Broker {
  /**
   * Publishes as part of a write of somebody else's to the same file. Call what it returns once that is
   * committed: then the queues are woken.
   */
  enqueue(tx: Transaction, event: DomainEvent): () => void
}

/**
 * The broker of one process, in the embedded file. A message is committed before `publish` resolves, and handed
 * out in the same turn of the event loop. Leaves the file open: whoever opened it closes it.
 */
export function sqliteBroker(options: SqliteBrokerOptions): SqliteBroker {
  const { file, log, isWanted = () => true } = options
  const clock = steadyClock(options.now)
  const board = noticeBoard(log)
  const toll = deathToll()
  const lanes = openLanes(options, { clock, toll })

  async function commit<T>(doing: string, work: (tx: Transaction) => T): Promise<T> {
    try {
      return await file.write(work)
    } catch (cause) {
      throw new BrokerUnavailableError(doing, { cause })
    }
  }

  function add(tx: Transaction, message: Addressed): () => void {
    const { queues, body, delayMs } = message
    const publishedMs = clock()
    const dueMs = Math.ceil(publishedMs + delayMs)
    const added = queues.map((queue) => addMessage(tx, { queue, body, publishedMs, dueMs }))
    return () => {
      for (const each of added) {
        if (delayMs === 0) lanes[each.queue].offer(each)
        else lanes[each.queue].added(dueMs)
      }
    }
  }

  function addressed(read: Reader, event: DomainEvent): Addressed {
    const queues = routes[event.type].filter((queue) => isWanted(read, queue))
    return { queues, body: JSON.stringify(event), delayMs: 0 }
  }

  void wakeFuture(options, { clock, lanes })

  return {
    async publish(event) {
      const wake = await commit('publish', (tx) => add(tx, addressed(tx, event)))
      wake()
    },
    // Checked here, so that a wrong event fails its writer and does not die in the queue.
    enqueue: (tx, event) => add(tx, addressed(tx, domainEvent.parse(event))),
    async retry(queue, delivery, delayMs) {
      const body = JSON.stringify(delivery)
      const message = { queues: [queue], body, delayMs: Math.max(0, delayMs) }
      const wake = await commit('retry', (tx) => add(tx, message))
      wake()
    },
    consume: (queue, handler, how) => lanes[queue].consume(handler, how),
    broadcast: (notice) => board.post(notice),
    onBroadcast: (listener) => board.listen(listener),
    dead: deadMessages({
      file,
      clock,
      onReplayed: (queue, dueMs, count) => lanes[queue].added(dueMs, count),
    }),
    depth: async () => ({ ...depthOf(lanes), dead: countDead(file.read) }),
    deaths: toll.counts,
    async ping() {
      await commit('ping', (tx) => tx.run('UPDATE pings SET count = count + 1 WHERE id = 1'))
    },
    async close() {
      for (const queue of queueNames) lanes[queue].close()
    },
  }
}

interface Addressed {
  readonly queues: readonly QueueName[]
  readonly body: string
  readonly delayMs: number
}

type Lanes = Readonly<Record<QueueName, Lane>>

function depthOf(lanes: Lanes): Record<QueueName, number> {
  return {
    'web-push.chat': lanes['web-push.chat'].depth,
    'web-push.calls': lanes['web-push.calls'].depth,
    'expo-push.chat': lanes['expo-push.chat'].depth,
    'expo-push.calls': lanes['expo-push.calls'].depth,
  }
}

function openLanes(
  options: SqliteBrokerOptions,
  { clock, toll }: { clock: () => number; toll: DeathToll },
): Lanes {
  const { file, log, throwDelayMs = defaultThrowDelayMs } = options
  const { messageTtlMs = 24 * 3600 * 1000 } = options
  const { held, lastSeq: lastSeqAtStart } = surveyQueues(file.read)
  const lane = (queue: QueueName) =>
    new Lane({
      file,
      queue,
      clock,
      log,
      toll,
      throwDelayMs,
      messageTtlMs,
      lastSeqAtStart,
      held: held.get(queue) ?? 0,
    })
  return {
    'web-push.chat': lane('web-push.chat'),
    'web-push.calls': lane('web-push.calls'),
    'expo-push.chat': lane('expo-push.chat'),
    'expo-push.calls': lane('expo-push.calls'),
  }
}

async function wakeFuture(
  { file, log }: SqliteBrokerOptions,
  { clock, lanes }: { clock: () => number; lanes: Lanes },
): Promise<void> {
  try {
    const { dueMs, moved } = await pullForward(file, { queues: queueNames, clock, longestDelayMs })
    for (const queue of moved) lanes[queue].moved(dueMs)
  } catch (cause) {
    log.warn({ err: cause }, 'Broker: messages from the future could not be pulled forward')
  }
}

function defaultThrowDelayMs(throws: number): number {
  return Math.min(1000 * 2 ** (throws - 1), 300_000)
}
