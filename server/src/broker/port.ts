import type { DeliveryRetry, DomainEvent, LaneMessage } from '@belfry/contracts'

/** Every queue that a worker may consume. One lane for calls and one for chat, so that a ring never waits behind chat. */
export const queueNames = [
  'web-push.chat',
  'web-push.calls',
  'expo-push.chat',
  'expo-push.calls',
] as const
export type QueueName = (typeof queueNames)[number]

/** Which queues an event goes to. A new worker adds its queues here. */
export const routes: Readonly<Record<DomainEvent['type'], readonly QueueName[]>> = {
  ChatMessage: ['web-push.chat', 'expo-push.chat'],
  IncomingCallPushMessage: ['web-push.calls', 'expo-push.calls'],
  CallEnded: ['web-push.calls', 'expo-push.calls'],
}

/**
 * Carries events from the outbox to the workers. Adapters pass `conformance.ts`.
 *
 * - Delivery is at least once. Duplicates and reordering MUST be expected by every consumer.
 * - `retry` concerns one delivery, never the whole event: other devices must not ring twice.
 */
export interface Broker {
  /**
   * MUST resolve only once every queue of the event's route holds it durably.
   * Rejects with `BrokerUnavailableError`: it may be stored all the same; publish again, same event.
   */
  publish(event: DomainEvent): Promise<void>
  /** Hands one delivery back to one queue, not before `delayMs`. Durable like `publish`. MUST support 0 to 600,000 ms. */
  retry(queue: QueueName, delivery: DeliveryRetry, delayMs: number): Promise<void>
  /**
   * Calls `handler` for each message, oldest due first. A message stays until its verdict; when the process dies
   * before, it comes again.
   */
  consume(queue: QueueName, handler: Handler, options: ConsumeOptions): Consumer
  /** To every process, this one included; not durable. For the realtime gateway and presence. */
  broadcast(notice: Notice): Promise<void>
  /** Returns the way to stop listening. */
  onBroadcast(listener: (notice: Notice) => void): () => void
  /** What was kept aside. */
  readonly dead: DeadLetters
  /** Messages waiting or in hand, by queue, and how many are dead now. For metrics and the admin page. */
  depth(): Promise<Readonly<Record<QueueName | 'dead', number>>>
  /** How many this process set aside since it started: MUST hold every queue and cause, those with none too. */
  deaths(): readonly DeathCount[]
  /** MUST reject when a publish would fail now. For `/readyz`. */
  ping(): Promise<void>
  /** Consumers MUST be stopped before. */
  close(): Promise<void>
}

export interface ConsumeOptions {
  /** At most so many at a time. */
  readonly prefetch: number
  /** While this process's event loop has no time left, so many are enough. Default: as `prefetch`. */
  readonly whenBusy?: number
}

export type Handler = (message: LaneMessage, meta: { redelivered: boolean }) => Promise<Verdict>

/**
 * What becomes of a message. It MUST be honoured.
 * - `done`: forgotten.
 * - `retry`: the same message again after `afterMs`. For trouble of our own (store down), before any device was tried.
 * - `dead`: kept aside with the reason, for the operator to look at and replay. Whoever sets a message aside, for this
 *   or another cause, MUST warn by `tellDead` once it is there. What a broker's server sets aside is in `depth` alone.
 * A throw counts as `retry` with a growing delay, and as `dead` after 20 times.
 */
export type Verdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'retry'; readonly afterMs: number }
  | { readonly kind: 'dead'; readonly reason: string }

export interface Consumer {
  /** Takes no more messages, and resolves once those in hand have their verdict. */
  stop(): Promise<void>
}

/** Why a message was set aside: it is no event of this version, it waited too long, its handler threw or refused it. */
export const deathCauses = ['unreadable', 'expired', 'threw', 'refused'] as const
export type DeathCause = (typeof deathCauses)[number]

export interface DeathCount {
  readonly queue: QueueName
  readonly cause: DeathCause
  readonly count: number
}

/**
 * Messages that no worker could handle, for an operator to look at and to hand back. The newest 100,000 are kept.
 * It may be asked while workers run, by any process, and slows no lane.
 */
export interface DeadLetters {
  /**
   * Oldest death first, at most `limit`; of one queue, or of all. They stay as they are, however often one looks.
   * `more`: there are others beyond. Rejects with the code `BROKER_UNAVAILABLE`.
   */
  list(options: { limit: number; queue?: QueueName | undefined }): Promise<DeadPage>
  /**
   * Hands messages back to the lane that they died in, and to no other, with fresh counters: as if each came for the
   * first time. What dies while it works MUST NOT be taken again.
   *
   * A message MUST be durable on its lane before it is gone from the dead: a crash, or `BROKER_UNAVAILABLE`,
   * leaves each where it was, on its lane, or both, and asking again is safe. One that somebody else looks at in this
   * moment MAY be missed.
   */
  replay(choice: DeadChoice): Promise<Replayed>
}

/** Those named, or all; only of `queue` where it is given. */
export interface DeadChoice {
  readonly ids: readonly string[] | 'all'
  readonly queue?: QueueName | undefined
}

export interface DeadPage {
  readonly letters: readonly DeadLetter[]
  readonly more: boolean
}

/** What may be shown of a dead message: MUST NOT hold anything that a person wrote. */
export interface DeadLetter {
  /** Names it for `replay`. At most 64 letters, digits, `-` and `_`. */
  readonly id: string
  /** The lane that it died in; null when no lane of this version is known, and it cannot be replayed. */
  readonly queue: QueueName | null
  readonly reason: string
  /** Milliseconds since 1970; null: nobody wrote it down. */
  readonly diedMs: number | null
  /** How often it was handed out. */
  readonly tries: number
  /** Null when it cannot be read. */
  readonly event: DeadEvent | null
}

export interface DeadEvent {
  readonly type: DomainEvent['type']
  /** `eventId` of it. */
  readonly id: string
  /** Set when it concerned this one delivery; null: the whole event. */
  readonly deliveryId: string | null
}

/** Ids, in the order in which they died. */
export interface Replayed {
  readonly replayed: readonly string[]
  /** Asked for by id, and not among the dead (of that queue). */
  readonly missing: readonly string[]
  /** Their lane is not known: they stay. */
  readonly stranded: readonly string[]
}

/** What one process tells all. `to` names the people whose open tabs hear it. */
export type Notice =
  | {
      readonly kind: 'realtime'
      readonly to: readonly string[]
      readonly name: string
      readonly payload: unknown
    }
  | {
      readonly kind: 'presence'
      readonly userId: string
      readonly deviceId: string
      /** One tab: a browser has several, and they need not agree. */
      readonly tabId: string
      readonly visible: boolean
      readonly conversationId: string | null
      readonly untilMs: number
    }
  | { readonly kind: 'session_ended'; readonly sid: string }
