import type { DeliveryRetry, DomainEvent } from '@belfry/contracts'
import type { Message } from 'amqplib'
import { deathToll } from '../death-toll.ts'
import type { Broker, QueueName } from '../port.ts'
import { deadId } from './dead-id.ts'
import type { Ending } from './judge.ts'
import { headerNames, writeEnvelope, type Envelope } from './message-headers.ts'
import type { Outgoing, Publisher } from './publisher.ts'
import {
  deadQueue,
  eventsExchange,
  laneKindOf,
  laneTraits,
  retryRoute,
  routingKeys,
  type LaneKind,
} from './topology.ts'

/** A message as it came, and what it carries. */
export interface Letter {
  readonly message: Message
  readonly envelope: Envelope
}

export interface LetterBoxOptions {
  readonly publishers: Readonly<Record<LaneKind, Pick<Publisher, 'publish'>>>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly newId: () => string
}

/** What we publish, and with which headers. Each resolves once RabbitMQ confirmed it. */
export interface LetterBox {
  event(event: DomainEvent): Promise<void>
  delivery(queue: QueueName, delivery: DeliveryRetry, delayMs: number): Promise<void>
  /** The same body to the same lane, later. */
  again(queue: QueueName, letter: Letter, ending: Extract<Ending, { kind: 'again' }>): Promise<void>
  /** The same body to the dead. Resolves with the id by which `DeadLetters` knows it. */
  bury(queue: QueueName, letter: Letter, ending: Extract<Ending, { kind: 'dead' }>): Promise<string>
  /** What was buried, and confirmed. */
  readonly deaths: Broker['deaths']
}

/** An operator's answer, not a document. */
const longestReason = 500

export function letterBox({ publishers, now, newId }: LetterBoxOptions): LetterBox {
  const fresh = (remainingMs: number): Envelope => ({
    publishedMs: now(),
    tries: 0,
    throws: 0,
    remainingMs,
  })
  const toQueue = (queue: QueueName, message: Omit<Outgoing, 'exchange' | 'kept'>) =>
    publishers[laneTraits(queue).kind].publish({ ...message, exchange: '', kept: true })
  const toll = deathToll()

  return {
    event: (event) =>
      publishers[laneKindOf(event)].publish({
        exchange: eventsExchange,
        routingKey: routingKeys[event.type],
        body: Buffer.from(JSON.stringify(event)),
        headers: writeEnvelope(fresh(0)),
        messageId: newId(),
        kept: true,
      }),
    delivery(queue, delivery, delayMs) {
      const route = retryRoute(queue, delayMs)
      return toQueue(queue, {
        routingKey: route.queue,
        body: Buffer.from(JSON.stringify(delivery)),
        headers: writeEnvelope(fresh(route.remainingMs)),
        messageId: newId(),
      })
    },
    again(queue, { message }, { delayMs, envelope }) {
      const { queue: routingKey, remainingMs } = retryRoute(queue, delayMs)
      return toQueue(queue, {
        routingKey,
        body: message.content,
        headers: writeEnvelope({ ...envelope, remainingMs }),
        messageId: idOf(message, newId),
      })
    },
    async bury(queue, { message, envelope }, { reason, cause }) {
      const messageId = idOf(message, newId)
      await toQueue(queue, {
        routingKey: deadQueue,
        body: message.content,
        headers: {
          ...writeEnvelope({ ...envelope, tries: envelope.tries + 1, remainingMs: 0 }),
          [headerNames.reason]: reason.slice(0, longestReason),
          [headerNames.queue]: queue,
          [headerNames.diedMs]: now(),
        },
        messageId,
      })
      toll.add(queue, cause)
      return deadId(messageId, message.content)
    },
    deaths: toll.counts,
  }
}

function idOf({ properties }: Letter['message'], newId: () => string): string {
  const id: unknown = properties.messageId
  return typeof id === 'string' && id !== '' ? id : newId()
}
