import type { PostResult } from '../http/post-json.ts'
import type { Rejected, RejectedReason, Retry } from '../send/outcome.ts'
import { HINTS, hintWithName } from './hints.ts'
import { isRecord } from './is-record.ts'

/** What an answer means for the messages of its request. */
export type RequestVerdict =
  /** Each has its own ticket. */
  | { readonly kind: 'tickets'; readonly tickets: readonly unknown[]; readonly status: number }
  /** The same for all of them. */
  | { readonly kind: 'all'; readonly outcome: Retry | Rejected }
  /** 429: nothing more leaves for a while. */
  | { readonly kind: 'pause'; readonly status: number; readonly retryAfterMs?: number }
  /** They are of several projects: send each project's by themselves. */
  | {
      readonly kind: 'split'
      readonly projectOf: ReadonlyMap<string, string>
      readonly refusal: Rejected
    }
  /** One of them is bad and Expo does not say which: halve. `refusal` is for one that was alone. */
  | { readonly kind: 'bisect'; readonly refusal: Rejected }

/** An answer without tickets. */
interface Refusal {
  readonly status: number
  /** `errors[0].code`. */
  readonly code: unknown
  readonly details: unknown
  readonly retryAfterMs: number | undefined
}

/** As long as any id of ours may be. */
const LONGEST_NAME = 255

interface Row {
  readonly code?: string
  readonly from?: number
  readonly to?: number
  readonly becomes: (refusal: Refusal) => RequestVerdict
}

/**
 * First match wins; a row without a code or a status takes any.
 * Source: https://docs.expo.dev/push-notifications/sending-notifications/#request-errors
 */
const ROWS: readonly Row[] = [
  { code: 'TOO_MANY_REQUESTS', becomes: pause },
  { from: 429, becomes: pause },
  { code: 'PUSH_TOO_MANY_EXPERIENCE_IDS', becomes: split },
  { code: 'PUSH_TOO_MANY_NOTIFICATIONS', becomes: bisect('bad_request', HINTS.badRequest) },
  { code: 'PUSH_TOO_MANY_RECEIPTS', becomes: bisect('bad_request', HINTS.badRequest) },
  { code: 'UNAUTHORIZED', becomes: rejectAll('unauthorized', HINTS.unauthorized) },
  // A page of somebody else, or half an answer: Expo may have taken them all the same.
  { from: 200, to: 299, becomes: retryAll('answer_unreadable', true) },
  // 0 is how a browser-like `fetch` tells a redirect that it did not follow.
  { from: 0, becomes: retryAll('redirected', false) },
  { from: 300, to: 399, becomes: retryAll('redirected', false) },
  { from: 400, becomes: bisect('bad_request', HINTS.badRequest) },
  { from: 401, becomes: rejectAll('unauthorized', HINTS.unauthorized) },
  { from: 403, becomes: rejectAll('unauthorized', HINTS.unauthorized) },
  { from: 408, becomes: retryAll('server_error', false) },
  { from: 413, becomes: bisect('payload_too_large', HINTS.tooLarge) },
  { from: 422, becomes: bisect('bad_request', HINTS.badRequest) },
  { from: 425, becomes: retryAll('server_error', false) },
  { from: 400, to: 499, becomes: rejectAll('not_expo', HINTS.notExpo) },
  // A gateway's word: what stands behind it may have taken them.
  { from: 502, becomes: retryAll('server_error', true) },
  { from: 504, becomes: retryAll('server_error', true) },
  { from: 500, to: 599, becomes: retryAll('server_error', false) },
]

/** Reads what one POST came to, whatever it is. */
export function requestVerdict(result: PostResult): RequestVerdict {
  if (result.kind === 'failure') {
    const { reason, ambiguous } = result
    return { kind: 'all', outcome: { kind: 'retry', reason, ambiguous } }
  }
  const { status, json, retryAfterMs } = result
  const body = isRecord(json) ? json : {}
  if (status >= 200 && status < 300) {
    if (Array.isArray(body.data)) return { kind: 'tickets', tickets: body.data, status }
    // Expo answers a message that was sent alone with a ticket alone.
    if (isRecord(body.data)) return { kind: 'tickets', tickets: [body.data], status }
  }
  const first: unknown = Array.isArray(body.errors) ? body.errors[0] : undefined
  const { code, details } = isRecord(first) ? first : {}
  const refusal: Refusal = { status, code, details, retryAfterMs }
  const row = ROWS.find(({ code: wanted, from, to = from }) => {
    if (wanted !== undefined) return wanted === code
    return from !== undefined && to !== undefined && status >= from && status <= to
  })
  return row ? row.becomes(refusal) : rejectAll('not_expo', HINTS.notExpo)(refusal)
}

function pause({ status, retryAfterMs }: Refusal): RequestVerdict {
  return { kind: 'pause', status, ...waitOf(retryAfterMs) }
}

function split({ status, code, details }: Refusal): RequestVerdict {
  const projectOf = new Map<string, string>()
  for (const [project, tokens] of isRecord(details) ? Object.entries(details) : []) {
    if (!Array.isArray(tokens) || project.length > LONGEST_NAME) continue
    for (const token of tokens) if (typeof token === 'string') projectOf.set(token, project)
  }
  const hint = hintWithName(HINTS.badRequest, code)
  return {
    kind: 'split',
    projectOf,
    refusal: { kind: 'rejected', reason: 'bad_request', status, hint },
  }
}

function bisect(reason: RejectedReason, hint: string) {
  return ({ status, code }: Refusal): RequestVerdict => {
    const said = reason === 'bad_request' ? hintWithName(hint, code) : hint
    return { kind: 'bisect', refusal: { kind: 'rejected', reason, status, hint: said } }
  }
}

function rejectAll(reason: RejectedReason, hint: string) {
  return ({ status }: Refusal): RequestVerdict => ({
    kind: 'all',
    outcome: { kind: 'rejected', reason, status, hint },
  })
}

function retryAll(reason: 'answer_unreadable' | 'redirected' | 'server_error', ambiguous: boolean) {
  return ({ status, retryAfterMs }: Refusal): RequestVerdict => ({
    kind: 'all',
    outcome: { kind: 'retry', reason, status, ambiguous, ...waitOf(retryAfterMs) },
  })
}

function waitOf(retryAfterMs: number | undefined) {
  return retryAfterMs === undefined ? {} : { retryAfterMs }
}
