/**
 * The life of one event on its way to one device.
 *
 *   (none) ──claim──▶ claimed ──settle──▶ accepted | gone | rejected | suppressed | expired
 *                        │  ▲
 *                   retry│  │claim, once nextAttemptAtMs has come or the lease ran out
 *                        ▼  │
 *                       retry
 *
 *   accepted ──refute──▶ gone | rejected     when the push service says so later (Expo's receipts)
 *
 * It begins with its first claim, whether or not a store makes a row of that, or at once as `suppressed` when policy
 * says no.
 * Everything but `claimed` and `retry` is final. Kept 30 days.
 */
export type DeliveryState =
  | 'claimed'
  | 'retry'
  | 'accepted'
  | 'gone'
  | 'rejected'
  | 'suppressed'
  | 'expired'

export type DeliveryKind = 'chat_message' | 'incoming_call' | 'call_ended' | 'missed_call' | 'test'

export interface DeliveryKey {
  /** `deliveryId(eventId, deviceRowId)`: the same for every duplicate of the event. */
  readonly id: string
  readonly eventId: string
  readonly kind: DeliveryKind
  readonly ownerId: string
  /** Row of the device; null when the "no" concerns the person (muted, no device…). */
  readonly deviceRowId: string | null
  /** The call's session, or the conversation. */
  readonly subjectId: string | null
}

export interface Delivery extends DeliveryKey {
  readonly state: DeliveryState
  /** Attempts begun, the present one included. */
  readonly attempts: number
  readonly leaseUntilMs: number
  readonly nextAttemptAtMs: number | null
  /** Why it was not, or not yet, accepted. */
  readonly reason: string | null
  /** HTTP status of the push service. */
  readonly status: number | null
  /** Where the push service keeps it (RFC 8030 §5), so that it can be withdrawn. */
  readonly location: string | null
  readonly createdAtMs: number
  readonly settledAtMs: number | null
  readonly shownAtMs: number | null
  readonly clickedAtMs: number | null
  readonly dismissedAtMs: number | null
}

/** The end of an attempt. */
export interface Settlement {
  readonly state: Exclude<DeliveryState, 'claimed'>
  readonly reason?: string
  readonly status?: number
  readonly location?: string
  /** With `retry` only. */
  readonly nextAttemptAtMs?: number
}

/** What a push service says later of what it had accepted. */
export interface Refutation {
  readonly state: 'gone' | 'rejected'
  readonly reason: string
}

export type ClaimAnswer =
  /** Yours until the lease ends. */
  | { readonly kind: 'claimed'; readonly attempt: number }
  /** Another consumer is at it. */
  | { readonly kind: 'busy'; readonly untilMs: number }
  /** Waits for its time; not before. */
  | { readonly kind: 'waiting'; readonly untilMs: number }
  /** Final: nothing is left to do. */
  | { readonly kind: 'settled'; readonly state: DeliveryState }
