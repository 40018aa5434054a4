import type { Rejected, RejectedReason } from './outcome.ts'

/** What we refuse before anything reaches the wire. */
export type LocalRefusal = Extract<
  RejectedReason,
  | 'subscription_invalid'
  | 'endpoint_forbidden'
  | 'address_forbidden'
  | 'vapid_key_unknown'
  | 'payload_too_large'
>

const HINTS: Readonly<Record<LocalRefusal, string>> = {
  subscription_invalid: 'The stored subscription is malformed: let the device subscribe again.',
  endpoint_forbidden:
    'The endpoint is not of an allowed push service: add its host to PUSH_ALLOWED_HOSTS, or forget the device.',
  address_forbidden:
    "The push service's name resolves to an address that is not public: check the DNS, or allow the host with its port in PUSH_ALLOWED_HOSTS.",
  vapid_key_unknown:
    'The subscription was made with a VAPID key that this server does not hold: configure that key, or let the device subscribe again.',
  payload_too_large: 'The payload is above 3,993 bytes: send a shorter one.',
}

/** The outcome of a push that we refused ourselves. */
export function refusedHere(reason: LocalRefusal): Rejected {
  return { kind: 'rejected', reason, hint: HINTS[reason] }
}
