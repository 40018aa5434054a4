import type { Log } from '../../observability/log.ts'
import type { SqliteFile } from '../../sqlite/sqlite-file.ts'
import type { Consumer, Handler, QueueName } from '../port.ts'
import { decodeBody } from './decode-body.ts'
import type { QueuedMessage } from './queue-table.ts'
import { recordEnding, type Ending } from './verdict-record.ts'
import { waitingMessages } from './waiting-messages.ts'

/** One queue of this process: hands what is due to its consumers, and writes their verdicts. */
export interface Lane {
  consume(handler: Handler, prefetch: number): Consumer
  /** One was committed that is due then. */
  added(dueMs: number): void
  /** One that was there already is due then. */
  moved(dueMs: number): void
  /** Waiting and in hand. */
  depth(): number
  close(): void
}

export interface LaneOptions {
  readonly file: SqliteFile
  readonly queue: QueueName
  readonly clock: () => number
  readonly log: Pick<Log, 'warn'>
  readonly throwDelayMs: (throws: number) => number
  readonly messageTtlMs: number
  /** How many the file held at the start, and the highest number of any. */
  readonly found: { readonly held: number; readonly lastSeq: number }
}

interface Taker {
  readonly handler: Handler
  readonly prefetch: number
  inHand: number
  stopped: boolean
  onIdle: () => void
}

/** After the file could not be read or written, so long passes before the next attempt. */
const troubleMs = 1000
const longestTimerMs = 2 ** 31 - 1

export function createLane(options: LaneOptions): Lane {
  const { file, queue, clock, log } = options
  const waiting = waitingMessages({ read: file.read, queue, clock })
  const takers: Taker[] = []
  const pauses = new Set<() => void>()
  let held = options.found.held
  let timer: NodeJS.Timeout | undefined
  let closed = false

  function pump(): void {
    clearTimeout(timer)
    timer = undefined
    if (closed) return
    try {
      for (let taker = freeTaker(); taker !== undefined; taker = freeTaker()) {
        const message = waiting.take()
        if (message === null) return sleepUntilDue()
        void handle(taker, message)
      }
    } catch (cause) {
      log.warn({ err: cause, queue }, 'Broker: the queue could not be read, trying again')
      timer = setTimeout(pump, troubleMs)
    }
  }

  /** In turn, so that two consumers share what comes. */
  function freeTaker(): Taker | undefined {
    const index = takers.findIndex((taker) => taker.inHand < taker.prefetch)
    const [taker] = index === -1 ? [] : takers.splice(index, 1)
    if (taker !== undefined) takers.push(taker)
    return taker
  }

  function sleepUntilDue(): void {
    const dueMs = waiting.nextDueMs()
    if (dueMs === null) return
    timer = setTimeout(pump, Math.min(Math.max(1, dueMs - clock()), longestTimerMs))
  }

  async function handle(taker: Taker, message: QueuedMessage): Promise<void> {
    taker.inHand += 1
    const ending = await attempt(taker.handler, message)
    await record(message, ending)
    taker.inHand -= 1
    if (taker.stopped && taker.inHand === 0) taker.onIdle()
    pump()
  }

  async function attempt(handler: Handler, message: QueuedMessage): Promise<Ending> {
    if (clock() - message.publishedMs >= options.messageTtlMs)
      return { kind: 'dead', reason: 'expired in the queue' }
    const decoded = decodeBody(message.body)
    if (decoded.kind === 'unreadable') return { kind: 'dead', reason: decoded.reason }
    const redelivered = message.tries > 0 || message.seq <= options.found.lastSeq
    try {
      return await handler(decoded.message, { redelivered })
    } catch (cause) {
      log.warn(
        { err: cause, queue, throws: message.throws + 1 },
        'Broker: a handler threw, its message comes again',
      )
      return {
        kind: 'threw',
        name: cause instanceof Error ? cause.name : 'something that is no Error',
      }
    }
  }

  /** The message stays in hand until its end is written, so that it is not handed out meanwhile. */
  async function record(message: QueuedMessage, ending: Ending): Promise<void> {
    while (!closed) {
      try {
        const { dueMs } = await recordEnding(file, { message, ending }, options)
        if (dueMs === null) held -= 1
        else waiting.added(dueMs)
        return
      } catch (cause) {
        if (closed) return
        log.warn({ err: cause, queue }, 'Broker: a verdict could not be written, trying again')
        await pause()
      }
    }
  }

  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(wait)
        pauses.delete(end)
        resolve()
      }
      const wait = setTimeout(end, troubleMs)
      pauses.add(end)
    })
  }

  return {
    consume(handler, prefetch) {
      const taker: Taker = { handler, prefetch, inHand: 0, stopped: false, onIdle: () => {} }
      takers.push(taker)
      pump()
      return {
        stop() {
          const index = takers.indexOf(taker)
          if (index !== -1) takers.splice(index, 1)
          taker.stopped = true
          if (taker.inHand === 0) return Promise.resolve()
          const { onIdle } = taker
          return new Promise((resolve) => {
            taker.onIdle = () => {
              onIdle()
              resolve()
            }
          })
        },
      }
    },
    added(dueMs) {
      held += 1
      waiting.added(dueMs)
      pump()
    },
    moved(dueMs) {
      waiting.added(dueMs)
      pump()
    },
    depth: () => held,
    close() {
      closed = true
      clearTimeout(timer)
      for (const end of pauses) end()
    },
  }
}
