import { connect, type ChannelModel } from 'amqplib'
import type { Log } from '../../observability/log.ts'
import { backoffMs } from './backoff.ts'
import { Pauses } from './pauses.ts'
import { BrokerRefusedError, refusalOf } from './refused-error.ts'
import { TopologyMismatchError } from './topology-error.ts'

/** A connection while it lasts, for whoever sets it up. */
export interface Attached {
  readonly connection: ChannelModel
  /** Drops the connection at once; the link opens another. */
  fail(cause: unknown): void
}

export interface LinkOptions {
  /** With `heartbeat` in its query. Holds a password: never logged. */
  readonly url: string
  /** What the connection is for, in logs and in RabbitMQ's list of connections. */
  readonly name: string
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>
  /** It does not try before this has resolved. Default: at once. Rejects: it never will. */
  readonly after?: Promise<void>
  /** Milliseconds. */
  readonly now: () => number
  /** From 0 to 1. */
  readonly random: () => number
  /** Opens the channels of a fresh connection. When it rejects, the connection is dropped and tried again later. */
  readonly onOpen: (attached: Attached) => Promise<void>
  /**
   * Before an orderly close. Channels that acknowledged something must be closed here: the driver writes the close
   * of the connection past what they have buffered.
   */
  readonly onClose?: () => Promise<void>
  /** The connection is gone, whether or not `onOpen` had resolved. */
  readonly onDown: (cause: unknown) => void
}

/** For the TCP connection and the handshake. */
const connectTimeoutMs = 5000
/** A connection that lasted this long was a good one: the next is tried without delay. */
const steadyMs = 10_000
/** The first failure in a row is logged, and then every tenth: about one line in 40 s. Bad news of another kind is at once. */
const logEvery = 10
/** RabbitMQ answers a close at once, unless it cannot. */
const closeTimeoutMs = 2000

/**
 * A connection to RabbitMQ that comes back by itself, with growing delay, until it is closed.
 * One connection has one purpose: whatever goes wrong on a channel of it, the whole is dropped and set up again.
 *
 * connecting → open (`onOpen` resolved) → waiting (lost, or not to be had) → connecting; closed is final.
 */
export class Link {
  readonly #options: LinkOptions
  readonly #pauses = new Pauses()
  readonly #firstOpen = Promise.withResolvers<void>()
  readonly #running: Promise<void>
  #attempt: Promise<unknown> | null = null
  #attached: Attached | null = null
  #connecting: AbortController | null = null
  #closed = false
  #lastCause: unknown

  constructor(options: LinkOptions) {
    this.#options = options
    this.#firstOpen.promise.catch(() => {}) // Who does not wait for it need not hear of it.
    this.#running = this.#run()
  }

  /** Why it is not open, or was not before. */
  get lastCause(): unknown {
    return this.#lastCause
  }

  /** While there is a connection, set up or not yet: resolves with why it ended. Null: there is none. */
  get connected(): Promise<unknown> | null {
    return this.#attached === null ? null : this.#attempt
  }

  /** Resolves once it was open; rejects when it was closed before. */
  opened(): Promise<void> {
    return this.#firstOpen.promise
  }

  fail(cause: unknown): void {
    this.#attached?.fail(cause)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#pauses.end()
    this.#firstOpen.reject(new Error(`${this.#options.name}: closed before it was open`))
    const attached = this.#attached
    if (attached === null) this.#connecting?.abort()
    else void this.#sayGoodbye(attached)
    await this.#running
  }

  /** `running` ends with the connection: the driver's own promises of a close stay open when it is lost meanwhile. */
  async #sayGoodbye({ connection, fail }: Attached): Promise<void> {
    const timer = setTimeout(() => {
      fail(new Error('RabbitMQ did not answer the close'))
    }, closeTimeoutMs)
    connection.once('close', () => clearTimeout(timer))
    try {
      await this.#options.onClose?.()
      await connection.close()
    } catch {
      // It is gone already.
    }
  }

  async #run(): Promise<void> {
    const { url, after, now, random, onDown } = this.#options
    let failures = 0
    if (after !== undefined && !(await this.#mayBegin(after))) return
    while (!this.#closed) {
      const startedMs = now()
      this.#attempt = this.#once()
      const ended = await this.#attempt
      const cause = refusalOf(ended, url) ?? ended
      const isNews = isForOperator(cause) && !isSameKind(cause, this.#lastCause)
      this.#lastCause = cause
      onDown(cause)
      if (this.#closed) break
      failures = now() - startedMs >= steadyMs ? 1 : failures + 1
      const delayMs = Math.round(backoffMs(failures, random))
      if (failures % logEvery === 1 || isNews) this.#tell(cause, failures)
      await this.#pauses.wait(delayMs)
    }
  }

  /** False when this, or what it waits for, was closed before. */
  async #mayBegin(after: Promise<void>): Promise<boolean> {
    try {
      await Promise.race([after, this.#firstOpen.promise])
      return true
    } catch (cause) {
      this.#firstOpen.reject(cause)
      return false
    }
  }

  #tell(cause: unknown, failures: number): void {
    const { name, log } = this.#options
    if (isForOperator(cause))
      log.error({ err: cause, name, failures }, 'RabbitMQ: cannot be used, trying again')
    else log.warn({ err: cause, name, failures }, 'RabbitMQ: a connection is down, trying again')
  }

  /** One connection from beginning to end. Resolves with why it ended. */
  async #once(): Promise<unknown> {
    const { url, name, log, onOpen } = this.#options
    const abort = new AbortController()
    this.#connecting = abort
    const socket = {
      noDelay: true, // Else a small frame may wait 40 ms for the acknowledgement of the one before.
      timeout: connectTimeoutMs,
      signal: abort.signal,
      clientProperties: { connection_name: `belfry ${name}` },
    }
    let connection: ChannelModel
    try {
      connection = await connect(url, socket)
    } catch (cause) {
      abort.abort()
      return cause
    }
    let first: unknown
    const ended = new Promise<void>((resolve) => {
      connection.on('close', (cause) => {
        first ??= cause
        resolve()
      })
    })
    connection.on('error', (cause) => {
      first ??= cause
    })
    const fail = (cause: unknown) => {
      first ??= cause
      abort.abort()
    }
    this.#attached = { connection, fail }
    if (this.#closed) fail(new Error('closed while connecting'))
    try {
      await onOpen(this.#attached)
      log.info({ name }, 'RabbitMQ: connected')
      this.#firstOpen.resolve()
    } catch (cause) {
      fail(cause)
      // The channel failed of the same before, and could not say of what.
      if (isForOperator(cause)) first = cause
    }
    await ended
    this.#attached = null
    // A half-open socket would wait for its peer for a quarter of an hour.
    abort.abort()
    return first
  }
}

/** It does not cure itself. */
function isForOperator(cause: unknown): cause is BrokerRefusedError | TopologyMismatchError {
  return cause instanceof BrokerRefusedError || cause instanceof TopologyMismatchError
}

function isSameKind(one: { readonly code: string }, other: unknown): boolean {
  return isForOperator(other) && other.code === one.code
}
