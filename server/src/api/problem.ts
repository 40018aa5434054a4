/**
 * Every way in which the API says no: the code is the contract, `docs/errors.md` explains each.
 * Codes of a refused subscription come from `@belfry/web-push` and are all 422.
 */
export const problems = {
  UNAUTHENTICATED: [401, 'Sign in first: send Authorization: Bearer <token>.'],
  WRONG_CREDENTIALS: [401, 'The name or the password is wrong.'],
  NOT_THE_CALLER: [403, 'Only the caller can cancel a call.'],
  NOT_A_CALLEE: [403, 'Only somebody who was called can do this.'],
  NOT_A_PARTICIPANT: [404, 'There is no such call.'],
  NOT_IN_THE_CALL: [403, 'Only the two who talk can end the call.'],
  RECEIPT_REFUSED: [403, 'This receipt does not allow that.'],
  RENEWAL_REFUSED: [403, 'This renew token is spent, or belongs to another subscription.'],
  NOT_FOUND: [404, 'There is nothing at this address.'],
  METHOD_NOT_ALLOWED: [405, 'This address does not take this method; see Allow.'],
  CONVERSATION_NOT_FOUND: [404, 'There is no such conversation.'],
  MESSAGE_NOT_FOUND: [404, 'There is no such message in this conversation.'],
  CALL_NOT_FOUND: [404, 'There is no such call.'],
  SUBSCRIPTION_NOT_FOUND: [404, 'There is no such subscription.'],
  MALFORMED_REQUEST: [400, 'This is not HTTP as we can read it.'],
  INVALID_JSON: [400, 'The body is not valid JSON.'],
  INVALID_REQUEST: [400, 'The request does not fit its schema; see errors.'],
  USERNAME_TAKEN: [409, 'Somebody has this name already.'],
  ENDPOINT_TAKEN: [409, 'This endpoint is registered by somebody else.'],
  TOKEN_TAKEN: [409, 'This token is registered by somebody else.'],
  WRONG_STATE: [409, 'The call is in a state in which this is not possible.'],
  ANSWERED_ON_ANOTHER_DEVICE: [409, 'You answered this call on another device.'],
  REQUEST_TOO_SLOW: [408, 'The request did not come whole in time.'],
  BODY_TOO_LARGE: [413, 'The body is larger than 64 KiB.'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'Send JSON, with Content-Type: application/json.'],
  HEAD_TOO_LARGE: [431, 'Address and headers are larger than 16 KiB.'],
  SUBSCRIPTION_REFUSED: [422, 'This subscription cannot be stored.'],
  VAPID_KEY_UNKNOWN: [
    422,
    'applicationServerKey is not a key of this server; fetch it from /api/push/config.',
  ],
  EXPO_TOKEN_INVALID: [422, 'This is not the token of a phone.'],
  UNKNOWN_CALLEE: [422, 'One of the people to call does not exist.'],
  UNKNOWN_MEMBER: [422, 'One of the members does not exist.'],
  NO_OTHER_MEMBER: [422, 'A conversation needs somebody else than yourself.'],
  NO_CALLEES: [422, 'There is nobody to call but yourself.'],
  RATE_LIMITED: [429, 'Too many requests. Wait as long as Retry-After says.'],
  INTERNAL: [500, 'Something went wrong here. It is in the log.'],
  STORE_UNAVAILABLE: [503, 'The store cannot write now. Nothing was accepted; try again.'],
  OUTBOX_FULL: [503, 'Too many events wait for the queue. Nothing was accepted; try again.'],
  TOO_SLOW: [503, 'This took too long here. Nothing was promised; try again.'],
  BROKER_UNAVAILABLE: [503, 'The queue cannot be reached now. Try again.'],
  JWKS_UNAVAILABLE: [503, 'The keys of the token issuer cannot be fetched now. Try again.'],
  CALL_CONTENDED: [503, 'The call changes too fast. Try again.'],
} as const satisfies Record<string, readonly [status: number, title: string]>

export type ProblemCode = keyof typeof problems

export interface ProblemDetails {
  readonly detail?: string
  readonly errors?: ReadonlyArray<{ path: string; message: string }>
  /** With 409 on a call: what the call is now. */
  readonly state?: string
  /** With 405: the methods that the address takes. */
  readonly allow?: readonly string[]
  /** Seconds. */
  readonly retryAfter?: number
  /** A narrower code than the entry's own, of the same status. */
  readonly as?: string
  readonly cause?: unknown
}

/** Thrown anywhere below a route; the error handler makes it `application/problem+json`. */
export class ProblemError extends Error {
  readonly code: ProblemCode
  readonly details: ProblemDetails

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(details.detail ?? problems[code][1], { cause: details.cause })
    this.name = 'ProblemError'
    this.code = code
    this.details = details
  }
}

/** The body for a problem, and its status. */
export function problemBody(code: ProblemCode, details: ProblemDetails = {}) {
  const [status, title] = problems[code]
  const shown = details.as ?? code
  return {
    status,
    body: {
      type: `/docs/errors#${shown.toLowerCase()}`,
      title,
      status,
      code: shown,
      ...(details.detail === undefined ? {} : { detail: details.detail }),
      ...(details.errors === undefined ? {} : { errors: details.errors }),
      ...(details.state === undefined ? {} : { state: details.state }),
    },
  }
}
