import type { Channel, ChannelModel } from 'amqplib'
import type { Log } from '../../observability/log.ts'
import { BrokerUnavailableError } from '../broker-unavailable-error.ts'
import { queueNames, type Notice, type QueueName } from '../port.ts'
import { declareTopology } from './declare-topology.ts'
import { Link, type Attached, type LinkOptions } from './link.ts'
import { readNotice } from './notice-body.ts'
import { Pauses } from './pauses.ts'
import { broadcastExchange, deadQueue, laneDeclarations } from './topology.ts'
import { TopologyMismatchError } from './topology-error.ts'

export interface ControlOptions extends Omit<LinkOptions, 'onOpen' | 'onDown' | 'log'> {
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>
  readonly onNotice: (notice: Notice) => void
}

/** Consumers of a deleted queue are told so only when it is not declared again at once: see `LaneConsumer`. */
const graceMs = 1000

/** A process that reads no broadcasts for a while catches up with so many; older ones are of no use. */
const mostNotices = 10_000

/**
 * The connection that never publishes, and is therefore never blocked: it declares the topology, hears broadcasts
 * and looks at the depth of queues.
 */
export class Control {
  readonly #options: ControlOptions
  readonly #link: Link
  readonly #pauses = new Pauses()
  readonly #mismatch = Promise.withResolvers<never>()
  #connection: ChannelModel | null = null
  #gauge: Channel | null = null
  #lookout: Promise<Channel> | null = null
  #declaring: Promise<void> | null = null
  /** Every queue was there and bound, and no lane was missed since. */
  #isWhole = false
  #wasDeclared = false

  constructor(options: ControlOptions) {
    this.#options = options
    this.#mismatch.promise.catch(() => {}) // Heard by `opened` alone.
    this.#link = new Link({
      ...options,
      onOpen: (attached) => this.#open(attached),
      onDown: () => {
        this.#connection = null
        this.#gauge = null
        this.#lookout = null
      },
    })
  }

  get lastCause(): unknown {
    return this.#link.lastCause
  }

  /** While there is a connection: resolves with why it ended. */
  get connected(): Promise<unknown> | null {
    return this.#link.connected
  }

  /** Throws while not everything was declared yet, not even once. */
  checkDeclared(): void {
    if (this.#wasDeclared) return
    throw new BrokerUnavailableError('ping', { cause: this.#link.lastCause })
  }

  /** Resolves once everything was declared, however long that takes; rejects when it was closed before. */
  declared(): Promise<void> {
    return this.#link.opened()
  }

  /** Resolves once everything is declared; rejects with `TopologyMismatchError` when that cannot be. */
  opened(): Promise<void> {
    return Promise.race([this.#link.opened(), this.#mismatch.promise])
  }

  /** Soon declares what is missing, once for all who ask meanwhile. Never rejects: who needs it tries again. */
  redeclare(): Promise<void> {
    this.#declaring ??= this.#redeclare().finally(() => {
      this.#declaring = null
    })
    return this.#declaring
  }

  /** Messages that nobody has in hand: waiting in the lane, or for their time; and the dead. */
  async ready(): Promise<ReadonlyMap<QueueName | typeof deadQueue, number>> {
    const gauge = this.#gauge
    if (gauge === null)
      throw new BrokerUnavailableError('depth, no connection', { cause: this.#link.lastCause })
    const count = async (names: readonly string[]) => {
      const replies = await Promise.all(names.map((name) => gauge.checkQueue(name)))
      return replies.reduce((sum, { messageCount }) => sum + messageCount, 0)
    }
    const lanes = queueNames.map(
      async (queue) =>
        [queue, await count(laneDeclarations(queue).map(({ name }) => name))] as const,
    )
    const dead = count([deadQueue]).then((held) => [deadQueue, held] as const)
    return new Map(await Promise.all([...lanes, dead]))
  }

  /**
   * Rejects unless every lane is there, or when that is not known within `withinMs`. What is missing is soon declared,
   * and until then it rejects: a queue that others declare meanwhile is there before it is bound.
   */
  async lanesThere(withinMs: number): Promise<void> {
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(new Error(`no answer in ${withinMs} ms`)), withinMs)
    try {
      await Promise.race([this.#lookAtLanes(), late.promise])
    } catch (cause) {
      throw new BrokerUnavailableError('publish, not every queue is there', { cause })
    } finally {
      clearTimeout(timer)
    }
  }

  async close(): Promise<void> {
    this.#pauses.end()
    await this.#link.close()
    await this.#declaring
  }

  async #open({ connection, fail }: Attached): Promise<void> {
    const channel = await openChannel(connection, fail)
    try {
      await declareTopology(channel)
    } catch (cause) {
      if (cause instanceof TopologyMismatchError) this.#mismatch.reject(cause)
      throw cause
    }
    const { queue } = await channel.assertQueue('', {
      exclusive: true,
      autoDelete: true,
      durable: false,
      arguments: { 'x-max-length': mostNotices },
    })
    await channel.bindQueue(queue, broadcastExchange, '')
    await channel.consume(queue, (message) => this.#hear(message, fail), { noAck: true })
    this.#gauge = await openChannel(connection, fail)
    this.#connection = connection
    this.#isWhole = true
    this.#wasDeclared = true
  }

  #hear(message: { readonly content: Buffer } | null, fail: Attached['fail']): void {
    if (message === null) return fail(new Error('RabbitMQ ended the subscription to broadcasts'))
    const notice = readNotice(message.content)
    if (notice !== null) this.#options.onNotice(notice)
  }

  /** On a channel of its own: RabbitMQ closes it over a queue that is missing, and nothing else may end with it. */
  async #lookAtLanes(): Promise<void> {
    const connection = this.#connection
    if (connection === null) throw new Error('no connection', { cause: this.#link.lastCause })
    if (!this.#isWhole) {
      void this.redeclare()
      throw new Error('one was missing, and is not yet declared again')
    }
    this.#lookout ??= openLookout(connection)
    const lookout = this.#lookout
    try {
      const channel = await lookout
      await Promise.all(queueNames.map((queue) => channel.checkQueue(queue)))
    } catch (cause) {
      if (this.#lookout === lookout) this.#lookout = null
      this.#isWhole = false
      void this.redeclare()
      throw cause
    }
  }

  async #redeclare(): Promise<void> {
    await this.#pauses.wait(graceMs)
    const connection = this.#connection
    if (connection === null) return // The next connection begins with it.
    try {
      const channel = await connection.createChannel()
      channel.on('error', () => {}) // It is the rejection below.
      await declareTopology(channel)
      this.#isWhole = true
      await channel.close()
    } catch (cause) {
      const { log } = this.#options
      const level = cause instanceof TopologyMismatchError ? 'error' : 'warn'
      log[level]({ err: cause }, 'RabbitMQ: the queues could not be declared again')
    }
  }
}

async function openLookout(connection: ChannelModel): Promise<Channel> {
  const channel = await connection.createChannel()
  channel.on('error', () => {}) // What was asked rejects with it.
  return channel
}

async function openChannel(connection: ChannelModel, fail: Attached['fail']): Promise<Channel> {
  const channel = await connection.createChannel()
  channel.on('error', fail)
  channel.on('close', () => fail(new Error('its channel was closed')))
  return channel
}
