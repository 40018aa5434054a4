import type { Outcome } from './outcome.ts'

/** RFC 8030 section 5.3. `high` is for a ring, `normal` for chat. */
export type Urgency = 'very-low' | 'low' | 'normal' | 'high'

/** What a push is sent to: the three strings that a browser's subscription holds. */
export interface PushTarget {
  /** The endpoint URL, exactly as {@link parseSubscription} gave it. A bearer secret. */
  readonly endpoint: string
  /** base64url, 65 bytes: an uncompressed P-256 point. */
  readonly p256dh: string
  /** base64url, 16 bytes. */
  readonly auth: string
}

/** One push message for one subscription. */
export interface PushMessage {
  readonly subscription: PushTarget
  /** Plaintext, at most 3,993 bytes; a string is sent as UTF-8. */
  readonly payload: Uint8Array | string
  /** Whole seconds >= 0. Apple refuses 0. */
  readonly ttlSeconds: number
  readonly urgency: Urgency
  /** Exactly 32 characters of base64url (Apple refuses some shorter ones). */
  readonly topic?: string
  /** Which of the sender's keys the subscription was made with: its `vapidKeyId` or public key. Default: the current one. */
  readonly vapidKey?: string
  /** From the call of `send` to the last byte of the answer. Default 10,000; use 5,000 for a ring. */
  readonly deadlineMs?: number
}

/** A stored message that may be taken back. */
export interface StoredMessage {
  /** `Accepted.location`. */
  readonly location: string
  /** The endpoint that it was sent to: the location must be of the same origin. */
  readonly endpoint: string
  /** Default 10,000. */
  readonly deadlineMs?: number
}

export interface SendOptions {
  readonly signal?: AbortSignal
}

/** Sends Web Push messages. Made by `createSender`; holds connections, so close it. */
export interface Sender {
  /**
   * Encrypts, signs and sends one message. Whatever the push service or the network does
   * becomes an {@link Outcome}; within `deadlineMs` there is one.
   *
   * @throws WebPushError `TOPIC_INVALID`, `TTL_INVALID`, `URGENCY_INVALID`, `DEADLINE_INVALID`: a bug
   *   of the caller, found before anything is sent. `SENDER_CLOSED` after `close`.
   */
  send(message: PushMessage, options?: SendOptions): Promise<Outcome>
  /**
   * Deletes a message that no device has fetched yet (RFC 8030 section 6.2). Best effort:
   * true means that the service answered 2xx or no longer has it.
   */
  withdraw(stored: StoredMessage, options?: SendOptions): Promise<boolean>
  /** Ends every open connection; sends under way become `retry`, reason `aborted`. */
  close(): Promise<void>
}
