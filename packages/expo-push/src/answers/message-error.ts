import type { Gone, Rejected, RejectedReason, Retry, RetryReason } from '../send/outcome.ts'
import { HINTS, hintWithName } from './hints.ts'
import { isRecord } from './is-record.ts'

/** What Expo says about one message, in a ticket or in a receipt. */
type Verdict = (status: number) => Gone | Retry | Rejected

/** The first wait for one token; the caller doubles it up to an hour. */
const TOKEN_WAIT_MS = 60_000

/**
 * `details.error` of a ticket or receipt. The last three are typed in Expo's SDK and documented nowhere.
 * Source: https://docs.expo.dev/push-notifications/sending-notifications/#individual-errors
 */
const ERRORS: ReadonlyMap<unknown, Verdict> = new Map<string, Verdict>([
  ['DeviceNotRegistered', (status) => ({ kind: 'gone', status, reason: 'device_not_registered' })],
  ['MessageTooBig', rejected('payload_too_large', HINTS.tooLarge)],
  ['MessageRateExceeded', retry('token_rate_limited', TOKEN_WAIT_MS)],
  ['MismatchSenderId', rejected('mismatched_sender', HINTS.mismatchedSender)],
  ['InvalidCredentials', rejected('invalid_credentials', HINTS.invalidCredentials)],
  ['InvalidProviderToken', rejected('invalid_credentials', HINTS.invalidCredentials)],
  ['UNAUTHORIZED', rejected('unauthorized', HINTS.unauthorized)],
  ['DeveloperError', rejected('developer_error', HINTS.developer)],
  ['ExpoError', retry('expo_error')],
  ['ProviderError', retry('provider_error')],
])

/** The outcome of a ticket or receipt with `status: "error"`. */
export function messageError(
  ticket: Readonly<Record<string, unknown>>,
  status: number,
): Gone | Retry | Rejected {
  const name = isRecord(ticket.details) ? ticket.details.error : undefined
  const verdict = ERRORS.get(name) ?? rejected('unknown_error', hintWithName(HINTS.unknown, name))
  return verdict(status)
}

function rejected(reason: RejectedReason, hint: string): Verdict {
  return (status) => ({ kind: 'rejected', reason, status, hint })
}

function retry(reason: RetryReason, retryAfterMs?: number): Verdict {
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
  return (status) => ({ kind: 'retry', reason, status, ambiguous: false, ...wait })
}
