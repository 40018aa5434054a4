import { randomUUID } from 'node:crypto'
import type { Log } from '../../observability/log.ts'
import { BrokerUnavailableError } from '../broker-unavailable-error.ts'
import { queueNames, type Broker, type Consumer, type Handler, type QueueName } from '../port.ts'
import { Control } from './control.ts'
import { sharedCheck } from './shared-check.ts'
import { rabbitMqDeadLetters } from './dead-letters.ts'
import { keptFor } from './kept-for.ts'
import { LaneConsumer } from './lane-consumer.ts'
import { letterBox, type LetterBox } from './letter-box.ts'
import { writeNotice } from './notice-body.ts'
import { noticeListeners, type NoticeListeners } from './notice-listeners.ts'
import { Publisher } from './publisher.ts'
import { rabbitMqUrl } from './rabbitmq-url.ts'
import { broadcastExchange, laneKinds, type LaneKind } from './topology.ts'

export interface RabbitMqBrokerOptions {
  /** `amqp://user:password@host:port/vhost`, or `amqps:`. */
  readonly url: string
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>
  /** The wall clock, milliseconds since 1970. */
  readonly now: () => number
  /** From 0 to 1; spreads reconnects. Default `Math.random`. */
  readonly random?: () => number
  /** Names each message, for the operator. Default: random UUIDs. */
  readonly newId?: () => string
  /** How long the start waits for a RabbitMQ that does not answer. Default 30 s. */
  readonly startWithinMs?: number
  /** A publish that is not confirmed for so long rejects. Default 5 s. */
  readonly confirmWithinMs?: number
  /** Messages written and not confirmed, for each kind of lane. Default 256: 88 % of what 1,024 give, a quarter of the memory. */
  readonly window?: number
  /** How long after its nth throw a message waits. Default 1 s, doubling, at most 5 min; rounded up to a retry queue's time. */
  readonly throwDelayMs?: (throws: number) => number
  /** How long `depth` gives the same answer. Default 1 s. */
  readonly depthKeptMs?: number
  /** A queue that RabbitMQ cannot serve for so long is reported by name. Default 30 s. */
  readonly sickAfterMs?: number
  /** A worker that is given nothing for so long subscribes anew. Default 30 s. */
  readonly renewIdleMs?: number
}

/**
 * RabbitMQ 3.10 to 4.x as a broker: quorum queues, confirms, retries by way of queues with a fixed time.
 *
 * Resolves once everything is declared and can be published to. Rejects with `TopologyMismatchError` when a queue of
 * that name is another one's, `RabbitMqUrlError`, or `BrokerUnavailableError` when RabbitMQ does not answer within
 * `startWithinMs`. After that it comes back by itself from whatever happens to RabbitMQ.
 *
 * `depth` counts what waits anywhere, and what this process has in hand: RabbitMQ does not tell what others have.
 */
export async function rabbitMqBroker(options: RabbitMqBrokerOptions): Promise<Broker> {
  const { url, shown } = rabbitMqUrl(options.url)
  const { log, now, random = Math.random, startWithinMs = 30_000 } = options
  const link = { url, log, now, random }
  const listeners = noticeListeners(log)
  await using opened = new AsyncDisposableStack()
  const control = new Control({
    ...link,
    name: 'control',
    onNotice: (notice) => listeners.tell(notice),
  })
  opened.defer(() => control.close())
  // Before anybody publishes, so that nothing is returned at the first start.
  await within(startWithinMs, control.opened(), { lastCause: () => control.lastCause, shown })
  const publisher = (kind: LaneKind) => {
    const { confirmWithinMs = usualConfirmMs, window = 256 } = options
    const onUnrouted = () => void control.redeclare()
    const name = `${kind} publisher`
    const made = new Publisher({ ...link, name, onUnrouted, confirmWithinMs, window })
    opened.defer(() => made.close())
    return made
  }
  const publishers = { chat: publisher('chat'), calls: publisher('calls') }
  const both = Promise.all(laneKinds.map((kind) => publishers[kind].opened()))
  await within(startWithinMs, both, { lastCause: () => publishers.calls.lastCause, shown })
  const held = opened.move()
  return brokerOver({ ...options, url, random }, { control, publishers, listeners, held })
}

interface Opened {
  readonly control: Control
  readonly publishers: Readonly<Record<LaneKind, Publisher>>
  readonly listeners: NoticeListeners
  readonly held: AsyncDisposableStack
}

const usualConfirmMs = 5000

const toEveryProcess = { exchange: broadcastExchange, routingKey: '', kept: false } as const

function brokerOver(
  options: RabbitMqBrokerOptions & { readonly random: () => number },
  { control, publishers, listeners, held }: Opened,
): Broker {
  const { now, depthKeptMs = 1000, sickAfterMs = 30_000, renewIdleMs = 30_000 } = options
  const { throwDelayMs = defaultThrowDelayMs, confirmWithinMs = usualConfirmMs } = options
  const letters = letterBox({ publishers, now, newId: options.newId ?? randomUUID })
  const consumers = new Map<QueueName, Set<LaneConsumer>>(
    queueNames.map((queue) => [queue, new Set()]),
  )
  const ready = keptFor(depthKeptMs, now, () => control.ready())
  const lanesThere = sharedCheck(() => control.lanesThere(confirmWithinMs))

  function consume(queue: QueueName, handler: Handler, prefetch: number): Consumer {
    const rest = { queue, handler, prefetch, letters, sickAfterMs, renewIdleMs, throwDelayMs }
    const consumer = new LaneConsumer({ ...options, ...rest })
    consumers.get(queue)?.add(consumer)
    return {
      async stop() {
        await consumer.stop()
        consumers.get(queue)?.delete(consumer)
      },
    }
  }
  const all = () => [...consumers.values()].flatMap((each) => [...each])

  return {
    publish: toEveryLane(letters, lanesThere),
    retry: letters.delivery,
    consume: (queue, handler, { prefetch }) => consume(queue, handler, prefetch),
    broadcast: (notice) =>
      publishers.calls.publish({ ...toEveryProcess, body: writeNotice(notice) }),
    onBroadcast: (listener) => listeners.add(listener),
    dead: rabbitMqDeadLetters(options),
    async depth() {
      const waiting = await ready()
      const count = (queue: QueueName) =>
        [...(consumers.get(queue) ?? [])].reduce(
          (sum, { inHand }) => sum + inHand,
          waiting.get(queue) ?? 0,
        )
      return {
        'web-push.chat': count('web-push.chat'),
        'web-push.calls': count('web-push.calls'),
        'expo-push.chat': count('expo-push.chat'),
        'expo-push.calls': count('expo-push.calls'),
      }
    },
    async ping() {
      const trouble = all().find((consumer) => consumer.trouble !== null)?.trouble
      if (trouble != null) throw new BrokerUnavailableError('ping', { cause: trouble })
      await Promise.all(laneKinds.map((kind) => publishers[kind].ping()))
    },
    async close() {
      await Promise.all(all().map((consumer) => consumer.abandon()))
      await held.disposeAsync()
    },
  }
}

/**
 * RabbitMQ returns an event that no queue took, and confirms one that only some of its queues took. A queue that was
 * there before and after was there: a worker takes longer than that to declare it again.
 */
function toEveryLane(letters: LetterBox, lanesThere: () => Promise<void>): Broker['publish'] {
  return async (event) => {
    await lanesThere()
    await letters.event(event)
    await lanesThere()
  }
}

/** Rejects when it takes longer than that; the reason is what the connection failed of. */
async function within(
  withinMs: number,
  opening: Promise<unknown>,
  { lastCause, shown }: { lastCause: () => unknown; shown: string },
): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const doing = `connect to ${shown} within ${withinMs} ms`
    reject(new BrokerUnavailableError(doing, { cause: lastCause() }))
  }, withinMs)
  try {
    await Promise.race([opening, promise])
  } finally {
    clearTimeout(timer)
  }
}

function defaultThrowDelayMs(throws: number): number {
  return Math.min(1000 * 2 ** (throws - 1), 300_000)
}
