/**
 * What became of one push, as data. The push service's answer decides; the table is
 * in `outcome-of.ts`. A caller switches on `kind`:
 *
 * - `accepted`: the push service took it. That is not *shown*: only the device's receipt proves that.
 * - `gone`: the subscription is dead for good. Forget it.
 * - `retry`: nothing is wrong with the message; try again later, while it is still worth it.
 * - `rejected`: the same request will fail again. Somebody has to act; `hint` says how.
 */
export type Outcome = Accepted | Gone | Retry | Rejected

/** The push service answered 2xx (RFC 8030 section 5: accepted, not delivered). */
export interface Accepted {
  readonly kind: 'accepted'
  readonly status: number
  /** The stored message, as an absolute URL: `Sender.withdraw` deletes it. */
  readonly location?: string
  /** The service's own name for the message: `apns-id` or `X-WNS-MSG-ID`. */
  readonly serviceMessageId?: string
}

/** 404 or 410: this subscription will never work again. */
export interface Gone {
  readonly kind: 'gone'
  readonly status: number
  readonly reason: 'unsubscribed' | 'unknown_endpoint'
}

/** Why a push may be tried again. */
export type RetryReason =
  | 'rate_limited'
  | 'server_error'
  | 'redirected'
  | 'timeout'
  | 'dns_failed'
  | 'connect_failed'
  | 'tls_failed'
  | 'connection_lost'
  | 'aborted'

export interface Retry {
  readonly kind: 'retry'
  readonly reason: RetryReason
  /** Absent when no answer came. */
  readonly status?: number
  /** From `Retry-After`: a floor, at most 24 h. 0 means at once; absent means back off as you see fit. */
  readonly retryAfterMs?: number
  /**
   * True when the request may have left this machine and no answer came, so the push may be
   * delivered all the same. A device absorbs the double by `tag`; Apple's do not.
   */
  readonly ambiguous: boolean
}

/** Why the same request would fail again. */
export type RejectedReason =
  /** The subscription was made with another VAPID key. */
  | 'key_mismatch'
  /** Build a smaller payload and send that, once. */
  | 'payload_too_large'
  /** The service refused our VAPID token: subject, clock, audience or key. */
  | 'unauthorized'
  | 'forbidden'
  | 'bad_request'
  /** The service took the request and threw the message away (WNS `dropped`). */
  | 'dropped_by_service'
  /** Refused here, before the wire: the stored subscription is malformed. */
  | 'subscription_invalid'
  /** Refused here: the endpoint's host is not on the allow-list. */
  | 'endpoint_forbidden'
  /** Refused here: the endpoint's name resolves to an address that is not public. */
  | 'address_forbidden'
  /** Refused here: the row names a VAPID key that this sender does not hold. */
  | 'vapid_key_unknown'

export interface Rejected {
  readonly kind: 'rejected'
  readonly reason: RejectedReason
  /** Absent when we refused it ourselves. */
  readonly status?: number
  /** One plain sentence: what to do about it. */
  readonly hint: string
}
