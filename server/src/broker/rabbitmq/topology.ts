import type { DomainEvent } from '@belfry/contracts'
import { queueNames, routes, type QueueName } from '../port.ts'

/**
 * Everything that exists in RabbitMQ on our account, as data. Declared by every role at start, and again
 * whenever something of it turns out to be missing. Works alike on 3.10 and 4.x: nothing newer is used.
 */
export const eventsExchange = 'belfry.events'
export const broadcastExchange = 'belfry.broadcast'
export const deadQueue = 'dead'

export const routingKeys: Readonly<Record<DomainEvent['type'], string>> = {
  ChatMessage: 'chat.message',
  IncomingCallPushMessage: 'call.incoming',
  CallEnded: 'call.ended',
}

const chatSteps = [
  { name: '1s', delayMs: 1000 },
  { name: '5s', delayMs: 5000 },
  { name: '30s', delayMs: 30_000 },
  { name: '2m', delayMs: 120_000 },
  { name: '10m', delayMs: 600_000 },
] as const
const callSteps = [{ name: '1s', delayMs: 1000 }] as const

/** A queue behind which a message waits for a fixed time: behind a fixed time nothing waits longer than its own. */
export interface RetryStep {
  readonly name: string
  readonly delayMs: number
}

interface LaneTraits {
  /** Lanes of one kind share a publisher's connection; a flood of chat slows no call. */
  readonly kind: LaneKind
  readonly steps: readonly [RetryStep, ...RetryStep[]]
}

export const laneKinds = ['chat', 'calls'] as const
export type LaneKind = (typeof laneKinds)[number]

/**
 * Every lane that the contract names. Those of the port's `queueNames` are declared, by every role; `missed-call`
 * waits for its worker: a queue that no role of this version consumes would fill for ever.
 */
const lanes = {
  'web-push.chat': { kind: 'chat', steps: chatSteps },
  'web-push.calls': { kind: 'calls', steps: callSteps },
  'expo-push.chat': { kind: 'chat', steps: chatSteps },
  'expo-push.calls': { kind: 'calls', steps: callSteps },
  'missed-call': { kind: 'chat', steps: chatSteps },
} as const satisfies Readonly<Record<string, LaneTraits>>

export function laneTraits(queue: QueueName): LaneTraits {
  return lanes[queue]
}

export function laneKindOf(event: DomainEvent): LaneKind {
  return event.type === 'ChatMessage' ? 'chat' : 'calls'
}

export function retryQueue(queue: QueueName, step: RetryStep): string {
  return `${queue}.retry.${step.name}`
}

/** A queue as it must be. Other arguments on an existing queue of that name are an error (406). */
export interface QueueDeclaration {
  readonly name: string
  readonly arguments: Readonly<Record<string, string | number>>
  /** Keys of `belfry.events` that lead to it. */
  readonly boundTo: readonly string[]
}

/** What waits longer than this in a lane is of no use to anybody. */
export const laneTtlMs = 24 * 3600 * 1000

/** Only the backstop against a message that ends its worker's process: everything else is counted in a header. */
const deliveryLimit = 20

const mostDead = 100_000

/** All that is dead-lettered arrives: confirmed by the target before it leaves its queue. Needs `reject-publish`. */
const atLeastOnce = {
  'x-queue-type': 'quorum',
  'x-dead-letter-exchange': '',
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
} as const

/** In the order in which they are declared: where messages go before where they come from. */
export function queueDeclarations(): readonly QueueDeclaration[] {
  return [deadDeclaration, ...queueNames.flatMap(laneDeclarations)]
}

/** One lane and the queues of its retries. */
export function laneDeclarations(queue: QueueName): readonly QueueDeclaration[] {
  const lane: QueueDeclaration = {
    name: queue,
    arguments: {
      ...atLeastOnce,
      'x-dead-letter-routing-key': deadQueue,
      'x-delivery-limit': deliveryLimit,
      'x-message-ttl': laneTtlMs,
    },
    boundTo: keysOf(queue),
  }
  const retries = laneTraits(queue).steps.map((step) => ({
    name: retryQueue(queue, step),
    arguments: {
      ...atLeastOnce,
      'x-dead-letter-routing-key': queue,
      'x-message-ttl': step.delayMs,
    },
    boundTo: [],
  }))
  return [lane, ...retries]
}

const deadDeclaration: QueueDeclaration = {
  name: deadQueue,
  arguments: {
    'x-queue-type': 'quorum',
    'x-max-length': mostDead,
    'x-overflow': 'drop-head',
    // Looking at it returns every message unacked. 4.x would drop them after 20 looks; 3.10 knows no "unlimited".
    'x-delivery-limit': 1_000_000_000,
  },
  boundTo: [],
}

function keysOf(queue: QueueName): readonly string[] {
  const keys: string[] = []
  for (const type of eventTypes) if (routes[type].includes(queue)) keys.push(routingKeys[type])
  return keys
}

const eventTypes = ['ChatMessage', 'IncomingCallPushMessage', 'CallEnded'] as const

/** Where a message waits, and for how much longer it must wait again once it is back on its lane. */
export interface RetryRoute {
  readonly queue: string
  readonly remainingMs: number
}

/**
 * The next step that is long enough; the longest one, several times over, when none is. A delay of nothing is the
 * lane itself.
 */
export function retryRoute(queue: QueueName, delayMs: number): RetryRoute {
  if (!(delayMs > 0)) return { queue, remainingMs: 0 }
  const { steps } = laneTraits(queue)
  const step = steps.find((each) => each.delayMs >= delayMs) ?? steps[steps.length - 1] ?? steps[0]
  return {
    queue: retryQueue(queue, step),
    remainingMs: Math.max(0, Math.ceil(delayMs - step.delayMs)),
  }
}
