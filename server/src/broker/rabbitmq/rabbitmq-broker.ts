import { randomUUID } from 'node:crypto'
import type { Log } from '../../observability/log.ts'
import { BrokerUnavailableError } from '../broker-unavailable-error.ts'
import {
  queueNames,
  type Broker,
  type ConsumeOptions,
  type Consumer,
  type Handler,
  type QueueName,
} from '../port.ts'
import { Control } from './control.ts'
import { sharedCheck } from './shared-check.ts'
import { rabbitMqDeadLetters } from './dead-letters.ts'
import { isThere } from './is-there.ts'
import { keptFor } from './kept-for.ts'
import { LaneConsumer } from './lane-consumer.ts'
import { letterBox, type LetterBox } from './letter-box.ts'
import type { LinkOptions } from './link.ts'
import { writeNotice } from './notice-body.ts'
import { noticeListeners, type NoticeListeners } from './notice-listeners.ts'
import { Publisher } from './publisher.ts'
import { rabbitMqUrl } from './rabbitmq-url.ts'
import { BrokerRefusedError } from './refused-error.ts'
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
  /** How long the start waits for a RabbitMQ that is not there. Default 5 s. */
  readonly startWithinMs?: number
  /** How long it waits in all for one that is there, and takes its time. Default 15 s. */
  readonly declareWithinMs?: number
  /** Ends the wait at the start: it rejects with the reason. */
  readonly stopping?: AbortSignal
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
 * Resolves once everything is declared and can be published to, or when RabbitMQ is not there within
 * `startWithinMs`: then everything waits for it, `ping` rejects, and it works by itself as soon as RabbitMQ does.
 * After that it comes back by itself from whatever happens to RabbitMQ.
 *
 * @throws TopologyMismatchError when a queue of that name is another one's.
 * @throws BrokerRefusedError when RabbitMQ lets us not in, still at the end of the wait.
 * @throws RabbitMqUrlError
 *
 * `depth` counts what waits anywhere, and what this process has in hand: RabbitMQ does not tell what others have.
 */
export async function rabbitMqBroker(options: RabbitMqBrokerOptions): Promise<Broker> {
  const { url, shown } = rabbitMqUrl(options.url)
  const { log, now, random = Math.random } = options
  const { startWithinMs = 5000, declareWithinMs = 15_000 } = options
  const listeners = noticeListeners(log)
  await using opened = new AsyncDisposableStack()
  const control = new Control({
    url,
    log,
    now,
    random,
    name: 'control',
    onNotice: (notice) => listeners.tell(notice),
  })
  opened.defer(() => control.close())
  // Nobody publishes or consumes before everything was declared, so that nothing is returned at the first start.
  const link = { url, log, now, random, after: control.declared() }
  const publisher = (kind: LaneKind) => {
    const { confirmWithinMs = usualConfirmMs, window = 256 } = options
    const onUnrouted = () => void control.redeclare()
    const name = `${kind} publisher`
    const made = new Publisher({ ...link, name, onUnrouted, confirmWithinMs, window })
    opened.defer(() => made.close())
    return made
  }
  const publishers = { chat: publisher('chat'), calls: publisher('calls') }
  const everything = [control.opened(), ...laneKinds.map((kind) => publishers[kind].opened())]
  const wait = { startWithinMs, declareWithinMs, stopping: options.stopping }
  if (!(await isThere(Promise.all(everything), control, wait))) {
    if (control.lastCause instanceof BrokerRefusedError) throw control.lastCause
    log.warn(
      { host: shown, err: control.lastCause },
      'RabbitMQ: not there, starting without it; what is accepted waits in the outbox. Start it, or correct RABBITMQ_URL',
    )
  }
  const held = opened.move()
  return brokerOver({ ...options, ...link }, { control, publishers, listeners, held })
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
  options: RabbitMqBrokerOptions & Pick<LinkOptions, 'after'> & { readonly random: () => number },
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

  function consume(queue: QueueName, handler: Handler, how: ConsumeOptions): Consumer {
    const rest = { queue, handler, ...how, letters, sickAfterMs, renewIdleMs, throwDelayMs }
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
    consume,
    broadcast: (notice) =>
      publishers.calls.publish({ ...toEveryProcess, body: writeNotice(notice) }),
    onBroadcast: (listener) => listeners.add(listener),
    dead: rabbitMqDeadLetters(options),
    deaths: letters.deaths,
    async depth() {
      const waiting = await ready()
      const count = (queue: QueueName) =>
        (waiting.get(queue) ?? 0) + inHandOf(consumers.get(queue) ?? [])
      return {
        'web-push.chat': count('web-push.chat'),
        'web-push.calls': count('web-push.calls'),
        'expo-push.chat': count('expo-push.chat'),
        'expo-push.calls': count('expo-push.calls'),
        dead: waiting.get('dead') ?? 0,
      }
    },
    async ping() {
      control.checkDeclared()
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

function inHandOf(consumers: Iterable<LaneConsumer>): number {
  return [...consumers].reduce((sum, { inHand }) => sum + inHand, 0)
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

function defaultThrowDelayMs(throws: number): number {
  return Math.min(1000 * 2 ** (throws - 1), 300_000)
}
