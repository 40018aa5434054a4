import type { Outcome, RejectedReason, RetryReason } from './outcome.ts'
import { retryAfterMs } from './retry-after.ts'
import type { TransportResponse } from './transport.ts'

/** A push service's answer, and what is needed to read it. */
export interface Answer extends Pick<TransportResponse, 'status' | 'headers' | 'text'> {
  /** The endpoint: its host tells the service, and `Location` may be relative to it. */
  readonly url: URL
  /** Milliseconds since 1970, for `Retry-After` dates. */
  readonly nowMs: number
}

/**
 * Reads a push service's answer. One table for FCM, Mozilla, Apple and Windows: statuses are
 * RFC 8030's, and where a service says more in its body, the row says which words count.
 */
export function outcomeOf(answer: Answer): Outcome {
  const row = ROWS.find(({ from, to = from, when }) => {
    const inRange = answer.status >= from && answer.status <= to
    return inRange && (when?.(answer) ?? true)
  })
  return row ? row.becomes(answer) : rejected('bad_request', HINTS.bug)(answer)
}

/** The services' words for "another VAPID key made this subscription": Apple, FCM twice, Mozilla. */
const KEY_MISMATCH =
  /VapidPkHashMismatch|UnauthorizedRegistration|do not correspond to the credentials used to create the subscription|VAPID public key mismatch/i

const HINTS = {
  keyMismatch:
    'The subscription was made with another VAPID key: send with that key, or let the device subscribe again.',
  unauthorized:
    "The push service refused our VAPID token: check the VAPID subject, the key pair and this machine's clock.",
  forbidden:
    'The push service forbids this request: check that its VAPID key belongs to the subscription.',
  tooLarge: 'The payload is too large for this device: send a shorter one, once.',
  ttl: 'The push service refused the TTL: send a whole number of seconds, at least 1 for Apple.',
  topic: 'The push service refused the Topic: send 32 characters of base64url.',
  urgency: 'The push service refused the Urgency: send very-low, low, normal or high.',
  bug: 'The push service did not understand the request: report it with the status and the host.',
  dropped:
    'Windows took the message and dropped it: let the device subscribe again if this goes on.',
} as const

interface Row {
  readonly from: number
  readonly to?: number
  readonly when?: (answer: Answer) => boolean
  readonly becomes: (answer: Answer) => Outcome
}

/** First match wins. */
const ROWS: readonly Row[] = [
  // WNS may answer 200 and still say in a header that nothing will be delivered.
  { from: 200, to: 299, when: wnsSays(/throttled/i), becomes: retry('rate_limited') },
  {
    from: 200,
    to: 299,
    when: wnsSays(/dropped/i),
    becomes: rejected('dropped_by_service', HINTS.dropped),
  },
  { from: 200, to: 299, becomes: accepted },
  // Not part of the protocol. Following would let an endpoint point us anywhere.
  { from: 300, to: 399, becomes: retry('redirected') },

  {
    from: 400,
    to: 403,
    when: says(KEY_MISMATCH),
    becomes: rejected('key_mismatch', HINTS.keyMismatch),
  },
  {
    from: 400,
    when: says(/PayloadTooLarge/),
    becomes: rejected('payload_too_large', HINTS.tooLarge),
  },
  {
    from: 400,
    when: says(/BadVapidPublicKey/),
    becomes: rejected('unauthorized', HINTS.unauthorized),
  },
  {
    from: 400,
    when: says(/BadTtl|Ttl value conflicts/i),
    becomes: rejected('bad_request', HINTS.ttl),
  },
  { from: 400, when: hasErrno(111, 112, 114), becomes: rejected('bad_request', HINTS.ttl) },
  { from: 400, when: says(/BadWebPushTopic/), becomes: rejected('bad_request', HINTS.topic) },
  { from: 400, when: hasErrno(113), becomes: rejected('bad_request', HINTS.topic) },
  { from: 400, when: says(/BadUrgency/), becomes: rejected('bad_request', HINTS.urgency) },
  // Windows answers a bare 401 to another key; the others say in words what was wrong.
  { from: 401, when: isBareFromWindows, becomes: rejected('key_mismatch', HINTS.keyMismatch) },
  { from: 401, becomes: rejected('unauthorized', HINTS.unauthorized) },
  { from: 403, when: says(/BadJwtToken/), becomes: rejected('unauthorized', HINTS.unauthorized) },
  { from: 403, becomes: rejected('forbidden', HINTS.forbidden) },
  { from: 404, becomes: gone('unknown_endpoint') },
  // 406 is how WNS used to throttle.
  { from: 406, becomes: retry('rate_limited') },
  { from: 408, becomes: retry('server_error') },
  { from: 410, becomes: gone('unsubscribed') },
  { from: 413, becomes: rejected('payload_too_large', HINTS.tooLarge) },
  { from: 425, becomes: retry('server_error') },
  { from: 429, becomes: retry('rate_limited') },
  // Mozilla's errno 202 asks to try again at once.
  {
    from: 503,
    when: hasErrno(202),
    becomes: (answer) => ({ ...retry('server_error')(answer), retryAfterMs: 0 }),
  },
  { from: 500, to: 599, becomes: retry('server_error') },
]

function accepted({ status, headers, url }: Answer): Outcome {
  const location = headers.location === undefined ? null : URL.parse(headers.location, url)
  const serviceMessageId = headers['apns-id'] ?? headers['x-wns-msg-id']
  return {
    kind: 'accepted',
    status,
    ...(location === null ? {} : { location: location.href }),
    ...(serviceMessageId === undefined ? {} : { serviceMessageId }),
  }
}

function gone(reason: 'unsubscribed' | 'unknown_endpoint') {
  return ({ status }: Answer): Outcome => ({ kind: 'gone', status, reason })
}

function retry(reason: RetryReason) {
  return ({ status, headers, nowMs }: Answer): Outcome => {
    const wait = retryAfterMs(headers['retry-after'], nowMs)
    return {
      kind: 'retry',
      reason,
      status,
      ambiguous: false,
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
    }
  }
}

function rejected(reason: RejectedReason, hint: string) {
  return ({ status }: Answer): Outcome => ({ kind: 'rejected', reason, status, hint })
}

function says(words: RegExp) {
  return ({ text }: Answer) => words.test(text)
}

function wnsSays(words: RegExp) {
  return ({ headers }: Answer) =>
    words.test(headers['x-wns-notificationstatus'] ?? '') ||
    words.test(headers['x-wns-status'] ?? '')
}

function isBareFromWindows({ url, text }: Answer): boolean {
  return url.hostname.endsWith('.notify.windows.com') && text.trim() === ''
}

/** Mozilla's error body is `{code, errno, error, message, more_info}`. */
function hasErrno(...errnos: readonly number[]) {
  return ({ text }: Answer) => {
    const errno = /"errno"\s*:\s*(\d+)/.exec(text)?.[1]
    return errno !== undefined && errnos.includes(Number(errno))
  }
}
