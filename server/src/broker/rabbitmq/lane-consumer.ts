import type { Channel } from 'amqplib'
import type { Log } from '../../observability/log.ts'
import { createBreadth, eventLoopUtilization, type Breadth } from '../breadth.ts'
import type { ConsumeOptions, Consumer, Handler } from '../port.ts'
import { tellDead } from '../tell-dead.ts'
import { judge, type Ending, type JudgeOptions } from './judge.ts'
import { Link, type Attached, type LinkOptions } from './link.ts'
import type { Letter, LetterBox } from './letter-box.ts'
import { readEnvelope } from './message-headers.ts'
import { Pauses } from './pauses.ts'
import { replyCodeOf, replyCodes } from './reply-code.ts'
import { openSubscription, type Subscription } from './subscription.ts'
import { QueueDeadError } from './topology-error.ts'

export interface LaneConsumerOptions
  extends
    ConsumeOptions,
    Omit<JudgeOptions, 'log'>,
    Omit<LinkOptions, 'onOpen' | 'onDown' | 'name' | 'log'> {
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>
  readonly handler: Handler
  readonly letters: Pick<LetterBox, 'again' | 'bury'>
  /** A queue that cannot be served for so long is reported. */
  readonly sickAfterMs: number
  /** A subscription that was given nothing for so long is made anew. */
  readonly renewIdleMs: number
}

/** A message and the channel that it must be acknowledged on. */
interface Delivery extends Letter {
  readonly channel: Channel
}

/** After a verdict could not be published, so long passes before the next attempt. */
const troubleMs = 1000

/**
 * One worker's subscription to one lane, on a connection of its own: a queue that RabbitMQ cannot serve closes the
 * connection that asks for it, and no other lane may suffer from that.
 *
 * A message is acknowledged only once its verdict is durable: at once for `done`; after the confirm of the copy
 * that waits, or is dead, for the others. When the connection is lost before, RabbitMQ gives it again.
 */
export class LaneConsumer implements Consumer {
  readonly #options: LaneConsumerOptions
  readonly #link: Link
  readonly #pauses = new Pauses()
  readonly #breadth: Breadth
  /** Given to us and not begun: the event loop is busy, or others are in hand still from the connection before. */
  readonly #waiting: Delivery[] = []
  /** More than one only while what came by a former subscription is in hand. */
  readonly #open = new Map<Channel, Subscription>()
  #subscription: Subscription | null = null
  #sickSinceMs: number | null = null
  #sickReported = false
  #received = 0
  #inHand = 0
  #renewing: NodeJS.Timeout | undefined
  #stopping: Promise<void> | null = null
  #onIdle: (() => void) | null = null

  constructor(options: LaneConsumerOptions) {
    this.#options = options
    this.#breadth = createBreadth({
      most: options.prefetch,
      whenBusy: options.whenBusy ?? options.prefetch,
      utilization: eventLoopUtilization(),
      onWider: () => this.#takeWaiting(),
    })
    this.#link = new Link({
      ...options,
      name: `${options.queue} consumer`,
      onOpen: (attached) => this.#subscribe(attached),
      onClose: async () => {
        // Channels of former subscriptions, too: something of theirs may have been acknowledged just now.
        await Promise.all([...this.#open.values()].map((each) => each.close()))
      },
      onDown: (cause) => this.#down(cause),
    })
  }

  /** Given to us and without verdict. */
  get inHand(): number {
    return this.#inHand + this.#waiting.length
  }

  /** Null while RabbitMQ gives it messages. */
  get trouble(): Error | null {
    if (this.#subscription !== null || this.#stopping !== null) return null
    const { queue } = this.#options
    if (this.#sickReported) return new QueueDeadError(queue, { cause: this.#link.lastCause })
    return new Error(`no subscription to ${queue}`, { cause: this.#link.lastCause })
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  /** Lets go of everything at once: what is in hand comes again, to whoever asks next. */
  async abandon(): Promise<void> {
    this.#stopping ??= Promise.resolve()
    this.#pauses.end()
    this.#breadth.close()
    await this.#link.close()
  }

  async #stop(): Promise<void> {
    this.#pauses.end()
    this.#breadth.close()
    await this.#unsubscribe()
    for (const delivery of this.#waiting.splice(0)) giveBack(delivery)
    if (this.#inHand > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve
      })
    }
    await this.#link.close()
  }

  async #unsubscribe(): Promise<void> {
    clearTimeout(this.#renewing)
    await this.#subscription?.cancel()
  }

  async #subscribe(attached: Attached): Promise<void> {
    const subscription = await openSubscription(attached, {
      ...this.#options,
      onMessage: (channel, message) => {
        this.#take({ channel, message, envelope: readEnvelope(message.properties) })
      },
    })
    this.#open.set(subscription.channel, subscription)
    await subscription.start()
    this.#subscription = subscription
    this.#sickSinceMs = null
    this.#sickReported = false
    if (this.#stopping === null) this.#renewWhenIdle(attached)
    else await this.#unsubscribe()
  }

  /**
   * RabbitMQ 3.10.8 loses the consumers of a quorum queue that is deleted and declared again within about 40 ms: it
   * sends no cancel, counts them still, and what it means to give them never arrives. Nothing that a client can ask
   * for shows that, so whoever was given nothing for a while subscribes anew.
   */
  #renewWhenIdle(attached: Attached): void {
    const received = this.#received
    this.#renewing = setTimeout(() => {
      const idle = received === this.#received && this.#inHand === 0
      if (!idle) this.#renewWhenIdle(attached)
      else this.#renew(attached).catch(attached.fail)
    }, this.#options.renewIdleMs)
  }

  async #renew(attached: Attached): Promise<void> {
    const former = this.#subscription
    await former?.cancel()
    // Something came in the last moment: it is acknowledged on its own channel, which stays.
    if (former !== null && this.#inHand === 0) {
      this.#open.delete(former.channel)
      await former.close()
    }
    if (this.#stopping === null) await this.#subscribe(attached)
  }

  #down(cause: unknown): void {
    clearTimeout(this.#renewing)
    this.#subscription = null
    this.#open.clear()
    this.#waiting.length = 0
    if (replyCodeOf(cause) !== replyCodes.internalError) return
    const { queue, now, log, sickAfterMs } = this.#options
    this.#sickSinceMs ??= now()
    if (this.#sickReported || now() - this.#sickSinceMs < sickAfterMs) return
    this.#sickReported = true
    log.error({ err: new QueueDeadError(queue, { cause }), queue }, 'RabbitMQ: a queue is dead')
  }

  #take(delivery: Delivery): void {
    this.#received += 1
    if (this.#stopping !== null) giveBack(delivery)
    else {
      this.#waiting.push(delivery)
      this.#takeWaiting()
    }
  }

  #takeWaiting(): void {
    if (this.#stopping !== null) return
    while (this.#waiting.length > 0 && this.#breadth.hasRoom(this.#inHand)) {
      const next = this.#waiting.shift()
      if (next !== undefined) void this.#handle(next)
    }
  }

  async #handle(delivery: Delivery): Promise<void> {
    this.#inHand += 1
    const ending = await judge(this.#options.handler, delivery, this.#options)
    if (await this.#recorded(delivery, ending)) acknowledge(delivery)
    this.#inHand -= 1
    this.#takeWaiting()
    if (this.#inHand === 0) this.#onIdle?.()
  }

  /** False when the message comes again anyway: it was lost with its channel, or a stopping worker could not pass it on. */
  async #recorded(delivery: Delivery, ending: Ending): Promise<boolean> {
    const { letters, log, queue } = this.#options
    while (ending.kind === 'done' || this.#open.has(delivery.channel)) {
      try {
        if (ending.kind === 'again') await letters.again(queue, delivery, ending)
        else if (ending.kind === 'dead') await this.#bury(delivery, ending)
        return true
      } catch (cause) {
        if (this.#stopping !== null) return false
        log.warn({ err: cause, queue }, 'Broker: a verdict could not be written, trying again')
        await this.#pauses.wait(troubleMs)
      }
    }
    return false
  }

  async #bury(delivery: Delivery, ending: Extract<Ending, { kind: 'dead' }>): Promise<void> {
    const { letters, log, queue } = this.#options
    const id = await letters.bury(queue, delivery, ending)
    const body = delivery.message.content.toString('utf8')
    tellDead(log, { queue, reason: ending.reason, id, body })
  }
}

function acknowledge({ channel, message }: Delivery): void {
  try {
    channel.ack(message)
  } catch {
    // The channel is gone, and the message comes again: at least once.
  }
}

/** Not begun: at once to another worker. No retry, hence none of the trouble with counting returned messages. */
function giveBack({ channel, message }: Delivery): void {
  try {
    channel.nack(message, false, true)
  } catch {
    // The channel is gone, and the message with it to the queue.
  }
}
