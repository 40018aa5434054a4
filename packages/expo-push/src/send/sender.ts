import type { Receipt } from '../receipts/receipt.ts'
import type { ExpoMessage } from './expo-message.ts'
import type { Outcome } from './outcome.ts'

/** `ring` never waits for company and goes before all else; `patient` is for everything else. */
export type Pace = 'ring' | 'patient'

/** One notification for one token. */
export interface ExpoPush {
  readonly message: ExpoMessage
  /** The Expo project of the token, null when unknown. One request never mixes projects. */
  readonly projectId: string | null
  /**
   * From the call of `send` to its outcome. Default 10,000. Within it, a ring that certainly did not
   * arrive (5xx, no connection, a short `Retry-After`) is sent again, as long as that begins
   * within 4,000 ms of the call; anything patient is never sent again by itself.
   */
  readonly deadlineMs?: number
  /** Default `patient`. */
  readonly pace?: Pace
  readonly signal?: AbortSignal
}

export interface ReceiptsOptions {
  readonly signal?: AbortSignal
}

/** Sends through Expo's push service. Made by `createExpoSender`; close it. */
export interface ExpoSender {
  /**
   * Sends one notification, in one request with others that are waiting when it is patient.
   * Whatever Expo or the network does becomes an {@link Outcome}; within `deadlineMs` there is one.
   *
   * @throws ExpoPushError `MESSAGE_INVALID`, `TTL_INVALID`, `DEADLINE_INVALID`: a bug of the caller,
   *   found before anything is sent. `SENDER_CLOSED` after `close`.
   */
  send(push: ExpoPush): Promise<Outcome>
  /**
   * Asks what became of tickets (`Accepted.ticketId`). Every id that was asked for has an entry.
   * Never rejects for what Expo or the network does; when a request fails, the ids that were
   * still to be asked for are `notAsked`, and none of them costs another request.
   *
   * @throws ExpoPushError `SENDER_CLOSED` after `close`.
   */
  receipts(ids: readonly string[], options?: ReceiptsOptions): Promise<ReadonlyMap<string, Receipt>>
  /** Cuts off what waits and what is under way: they become `retry`, reason `aborted`. */
  close(): Promise<void>
}
