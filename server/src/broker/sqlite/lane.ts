import type { SqliteFile } from '../../sqlite/sqlite-file.ts'
import { createBreadth, eventLoopUtilization, type Breadth } from '../breadth.ts'
import type { DeathToll } from '../death-toll.ts'
import type { ConsumeOptions, Consumer, Handler, QueueName } from '../port.ts'
import { EndingWriter } from './ending-writer.ts'
import { judge, type JudgeOptions } from './judge.ts'
import type { QueuedMessage } from './queue-table.ts'
import type { RecordOptions } from './verdict-record.ts'
import { waitingMessages, type WaitingMessages } from './waiting-messages.ts'

export interface LaneOptions extends JudgeOptions, RecordOptions {
  readonly file: SqliteFile
  readonly queue: QueueName
  readonly toll: Pick<DeathToll, 'add'>
  /** How many messages the file holds of this queue. */
  readonly held: number
}

/** A consumer and what it has in hand. */
interface Taker {
  readonly handler: Handler
  readonly breadth: Breadth
  inHand: number
  stopped: boolean
  readonly onIdle: Array<() => void>
}

/** After the file could not be read or written, so long passes before the next attempt. */
const troubleMs = 1000
const longestTimerMs = 2 ** 31 - 1

/**
 * One queue of this process: hands what is due to its consumers as they have room, and writes their verdicts.
 * Woken by what is added, by a verdict, and by one timer for what is due next; it never polls.
 */
export class Lane {
  readonly #options: LaneOptions
  readonly #waiting: WaitingMessages
  readonly #endings: EndingWriter
  readonly #takers: Taker[] = []
  #held: number
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: LaneOptions) {
    const { file, queue, clock } = options
    this.#options = options
    this.#waiting = waitingMessages({ read: file.read, queue, clock })
    this.#endings = new EndingWriter({ ...options, troubleMs })
    this.#held = options.held
  }

  /** Waiting and in hand. */
  get depth(): number {
    return this.#held
  }

  consume(handler: Handler, { prefetch, whenBusy = prefetch }: ConsumeOptions): Consumer {
    const breadth = createBreadth({
      most: prefetch,
      whenBusy,
      utilization: eventLoopUtilization(),
      onWider: () => this.#pump(),
    })
    const taker: Taker = { handler, breadth, inHand: 0, stopped: false, onIdle: [] }
    this.#takers.push(taker)
    this.#pump()
    return { stop: () => this.#stop(taker) }
  }

  /** One was committed, or so many, due then. */
  added(dueMs: number, count = 1): void {
    this.#held += count
    this.moved(dueMs)
  }

  /** This one was committed, and is due. */
  offer(message: QueuedMessage): void {
    this.#held += 1
    this.#waiting.offer(message)
    this.#pump()
  }

  /** One that was there already is due then. */
  moved(dueMs: number): void {
    this.#waiting.added(dueMs)
    this.#pump()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#endings.close()
  }

  #stop(taker: Taker): Promise<void> {
    taker.stopped = true
    taker.breadth.close()
    const index = this.#takers.indexOf(taker)
    if (index !== -1) this.#takers.splice(index, 1)
    if (taker.inHand === 0) return Promise.resolve()
    return new Promise((resolve) => {
      taker.onIdle.push(resolve)
    })
  }

  #pump(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#closed) return
    try {
      for (let taker = this.#nextTaker(); taker !== undefined; taker = this.#nextTaker()) {
        const message = this.#waiting.take()
        if (message === null) return this.#sleepUntilDue()
        void this.#handle(taker, message)
      }
    } catch (cause) {
      const { log, queue } = this.#options
      log.warn({ err: cause, queue }, 'Broker: the queue could not be read, trying again')
      this.#timer = setTimeout(() => this.#pump(), troubleMs)
    }
  }

  /** In turn, so that two consumers share what comes. */
  #nextTaker(): Taker | undefined {
    const index = this.#takers.findIndex(({ breadth, inHand }) => breadth.hasRoom(inHand))
    const [taker] = index === -1 ? [] : this.#takers.splice(index, 1)
    if (taker !== undefined) this.#takers.push(taker)
    return taker
  }

  #sleepUntilDue(): void {
    const dueMs = this.#waiting.nextDueMs()
    if (dueMs === null) return
    const delayMs = Math.max(1, dueMs - this.#options.clock())
    this.#timer = setTimeout(() => this.#pump(), Math.min(delayMs, longestTimerMs))
  }

  /** The message stays in hand until its end is written, so that it is not handed out meanwhile. */
  async #handle(taker: Taker, message: QueuedMessage): Promise<void> {
    taker.inHand += 1
    const ending = await judge(taker.handler, message, this.#options)
    const recorded = await this.#endings.write(message, ending)
    if (recorded?.dueMs === null) this.#held -= 1
    else if (recorded !== null) this.#waiting.added(recorded.dueMs)
    taker.inHand -= 1
    if (taker.stopped && taker.inHand === 0) for (const told of taker.onIdle) told()
    this.#pump()
  }
}
