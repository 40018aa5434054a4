import type { PushTarget } from '../send/sender.ts'

/** A subscription that may be stored: every rule held, every string in its one normal form. */
export interface ParsedSubscription extends PushTarget {
  /** Host of the endpoint, for logs and for people; the endpoint itself is a secret. */
  readonly host: string
  /** Milliseconds since 1970, or null when the browser gave none. */
  readonly expirationTime: number | null
}

/** Why a subscription was refused. */
export type SubscriptionErrorCode =
  | 'SUBSCRIPTION_INVALID'
  | 'EXPIRATION_TIME_INVALID'
  | 'P256DH_MISSING'
  | 'P256DH_ENCODING'
  | 'P256DH_LENGTH'
  | 'P256DH_NOT_ON_CURVE'
  | 'AUTH_MISSING'
  | 'AUTH_ENCODING'
  | 'AUTH_LENGTH'
  | EndpointErrorCode

/** Why an endpoint was refused. */
export type EndpointErrorCode =
  | 'ENDPOINT_MISSING'
  | 'ENDPOINT_TOO_LONG'
  | 'ENDPOINT_INVALID'
  | 'ENDPOINT_NOT_HTTPS'
  | 'ENDPOINT_HAS_CREDENTIALS'
  | 'ENDPOINT_HAS_FRAGMENT'
  | 'ENDPOINT_PORT_FORBIDDEN'
  | 'ENDPOINT_HOST_IS_ADDRESS'
  | 'ENDPOINT_HOST_INVALID'
  | 'ENDPOINT_HOST_FORBIDDEN'

/** The answer of `parseSubscription`. `message` names the host at most, never the endpoint or a key. */
export type SubscriptionResult =
  | { readonly ok: true; readonly subscription: ParsedSubscription }
  | { readonly ok: false; readonly code: SubscriptionErrorCode; readonly message: string }
