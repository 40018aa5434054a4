import { IllegalOperationError, type ConfirmChannel } from 'amqplib'
import { BrokerUnavailableError } from '../broker-unavailable-error.ts'
import { Link, type Attached, type LinkOptions } from './link.ts'
import type { Headers } from './message-headers.ts'
import { replyCodeOf, replyCodes } from './reply-code.ts'

/** Where a message goes, and as what. */
export interface Outgoing {
  /** Empty: the exchange that leads to the queue of the routing key. */
  readonly exchange: string
  readonly routingKey: string
  readonly body: Buffer
  readonly headers?: Headers
  readonly messageId?: string
  /** Durable, and a failure when no queue takes it. False: a broadcast or a ping, which nobody needs to hear. */
  readonly kept: boolean
}

export interface PublisherOptions extends Omit<LinkOptions, 'onOpen' | 'onDown'> {
  /** No queue took a message, or there is no such exchange: something of the topology is missing. */
  readonly onUnrouted: () => void
  /** A publish without confirm for so long is a failure, waiting for the connection included. */
  readonly confirmWithinMs: number
  /** Written and not confirmed; the rest waits in memory, at most `confirmWithinMs`. */
  readonly window: number
}

/** No queue of that name: RabbitMQ confirms what leads nowhere at once, unless it takes no messages at all. */
const pingKey = 'belfry.ping'

/** So long without any confirm, though some are due and no alarm lasts: the connection is of no use. */
const stalledMs = 30_000

/**
 * Nothing but negative confirms for so long: another connection is tried. RabbitMQ 3.10 keeps refusing the channels
 * that a full queue refused when its limit is lifted, and tells only new ones that there is room.
 */
const refusedMs = 10_000

interface Entry {
  readonly message: Outgoing
  readonly timer: NodeJS.Timeout
  readonly settle: (failure: BrokerUnavailableError | null) => void
  returned: boolean
  settled: boolean
}

/**
 * Publishes with confirms, on a connection of its own: RabbitMQ stops reading a connection that publishes while an
 * alarm lasts, and nothing else may wait for that.
 *
 * Each publish resolves once RabbitMQ confirmed it, and rejects with `BrokerUnavailableError` within
 * `confirmWithinMs`, or at once when its confirm was lost with the connection, was negative, or when no queue took
 * it. What was written and not confirmed may be stored all the same.
 *
 * An entry leaves the window only with its confirm or its connection: a broker that reads and does not answer is
 * given no more than one window.
 */
export class Publisher {
  readonly #options: PublisherOptions
  readonly #link: Link
  readonly #waiting: Entry[] = []
  readonly #inFlight = new Map<string, Entry>()
  #channel: ConfirmChannel | null = null
  #blocked = false
  #closed = false
  #sequence = 0
  /** When something was confirmed, or could be for the first time. */
  #progressMs = 0
  /** Since when a routing key's messages are refused, and none was taken. */
  readonly #refusedSinceMs = new Map<string, number>()

  constructor(options: PublisherOptions) {
    this.#options = options
    this.#link = new Link({
      ...options,
      onOpen: (attached) => this.#open(attached),
      onDown: () => {
        this.#channel = null
        this.#blocked = false
      },
    })
  }

  opened(): Promise<void> {
    return this.#link.opened()
  }

  /** Why it has no connection. */
  get lastCause(): unknown {
    return this.#link.lastCause
  }

  /** Rejects when a publish would fail now. What it publishes goes nowhere. */
  async ping(): Promise<void> {
    if (this.#channel === null || this.#blocked) throw this.#late()
    await this.publish({ exchange: '', routingKey: pingKey, body: Buffer.alloc(0), kept: false })
  }

  publish(message: Outgoing): Promise<void> {
    if (this.#closed) return Promise.reject(unavailable('closed'))
    return new Promise((resolve, reject) => {
      const entry: Entry = {
        message,
        returned: false,
        settled: false,
        timer: setTimeout(() => {
          entry.settle(this.#late())
          this.#resetWhenStalled()
        }, this.#options.confirmWithinMs),
        settle: (failure) => {
          if (entry.settled) return
          entry.settled = true
          clearTimeout(entry.timer)
          if (failure === null) resolve()
          else reject(failure)
        },
      }
      this.#waiting.push(entry)
      this.#pump()
    })
  }

  /** Those under way are rejected. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#link.close()
    for (const entry of this.#waiting.splice(0)) entry.settle(unavailable('closed'))
  }

  async #open({ connection, fail }: Attached): Promise<void> {
    connection.on('blocked', (reason) => {
      this.#blocked = true
      const { log, name } = this.#options
      log.warn({ name, reason }, 'RabbitMQ: takes no messages until its alarm is over')
    })
    connection.on('unblocked', () => {
      this.#blocked = false
      this.#progressMs = this.#options.now()
      this.#options.log.info({ name: this.#options.name }, 'RabbitMQ: takes messages again')
      this.#pump()
    })
    const channel = await connection.createConfirmChannel()
    channel.on('error', (cause) => {
      if (replyCodeOf(cause) === replyCodes.notFound) this.#options.onUnrouted()
      fail(cause)
    })
    channel.on('close', () => fail(new Error('its channel was closed')))
    channel.on('return', ({ properties }) => {
      const entry = this.#inFlight.get(String(properties.correlationId))
      if (entry === undefined) return
      entry.returned = true
      this.#options.onUnrouted()
    })
    this.#channel = channel
    this.#pump()
  }

  #pump(): void {
    while (this.#channel !== null && !this.#blocked && this.#inFlight.size < this.#options.window) {
      const entry = this.#waiting.shift()
      if (entry === undefined) return
      if (entry.settled) continue
      if (this.#write(this.#channel, entry)) continue
      this.#waiting.unshift(entry) // It was not written: the next connection takes it.
      return
    }
  }

  /** False when the channel is closing, and nothing was written. */
  #write(channel: ConfirmChannel, entry: Entry): boolean {
    this.#sequence += 1
    const id = String(this.#sequence)
    const { exchange, routingKey, body, headers, messageId, kept } = entry.message
    const options = {
      mandatory: kept,
      persistent: kept,
      contentType: 'application/json',
      correlationId: id,
      ...(messageId === undefined ? {} : { messageId }),
      ...(headers === undefined ? {} : { headers }),
    }
    if (this.#inFlight.size === 0) this.#progressMs = this.#options.now()
    this.#inFlight.set(id, entry)
    try {
      channel.publish(exchange, routingKey, body, options, (failure) =>
        this.#confirmed(id, failure),
      )
      return true
    } catch (cause) {
      this.#inFlight.delete(id)
      if (cause instanceof IllegalOperationError) return false
      entry.settle(unavailable('it cannot be written', cause))
      return true
    }
  }

  #confirmed(id: string, failure: unknown): void {
    const entry = this.#inFlight.get(id)
    this.#inFlight.delete(id)
    this.#progressMs = this.#options.now()
    if (entry === undefined) return
    // RabbitMQ sends the return before the confirm.
    if (entry.returned) entry.settle(unavailable('no queue took it; the queues are declared again'))
    else if (failure === null) entry.settle(null)
    else entry.settle(unavailable('its confirm was negative or lost', failure))
    this.#resetWhenRefused(entry.message, failure !== null)
    this.#pump()
  }

  #resetWhenRefused({ routingKey }: Outgoing, isRefused: boolean): void {
    if (!isRefused || this.#channel === null) {
      this.#refusedSinceMs.delete(routingKey)
      return
    }
    const nowMs = this.#options.now()
    const sinceMs = this.#refusedSinceMs.get(routingKey) ?? nowMs
    this.#refusedSinceMs.set(routingKey, sinceMs)
    if (nowMs - sinceMs < refusedMs) return
    this.#refusedSinceMs.clear()
    this.#link.fail(new Error(`RabbitMQ refused everything for ${routingKey} for ${refusedMs} ms`))
  }

  /** Confirms that will never come must not keep the window full for ever. */
  #resetWhenStalled(): void {
    if (this.#channel === null || this.#blocked || this.#inFlight.size === 0) return
    if (this.#options.now() - this.#progressMs < stalledMs) return
    this.#link.fail(new Error(`RabbitMQ confirmed nothing for ${stalledMs} ms`))
  }

  #late(): BrokerUnavailableError {
    if (this.#blocked) return unavailable('RabbitMQ takes no messages until its alarm is over')
    if (this.#channel !== null) return unavailable('no confirm in time')
    return unavailable('no connection', this.#link.lastCause)
  }
}

function unavailable(why: string, cause?: unknown): BrokerUnavailableError {
  return new BrokerUnavailableError(`publish, ${why}`, cause === undefined ? {} : { cause })
}
