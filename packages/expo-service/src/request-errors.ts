/** Everything that refuses a whole request: the status that it comes with. */
export const requestErrors = {
  VALIDATION_ERROR: 400,
  PUSH_TOO_MANY_NOTIFICATIONS: 400,
  PUSH_TOO_MANY_RECEIPTS: 400,
  PUSH_TOO_MANY_EXPERIENCE_IDS: 400,
  UNAUTHORIZED: 401,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  PAYLOAD_TOO_LARGE: 413,
  TOO_MANY_REQUESTS: 429,
  INTERNAL_SERVER_ERROR: 500,
} as const

/** `errors[0].code` of a refused request. */
export type RequestErrorCode = keyof typeof requestErrors

/** Why a whole request is refused. */
export interface Refusal {
  readonly code: RequestErrorCode
  readonly message: string
  /** Of PUSH_TOO_MANY_EXPERIENCE_IDS: project to tokens. */
  readonly details?: Readonly<Record<string, readonly string[]>>
  /** Seconds, for the header of that name. */
  readonly retryAfter?: number
}

/** Expo's error JSON. */
export function errorsJson(refusal: Pick<Refusal, 'message' | 'details'> & { code: string }) {
  const { code, message, details } = refusal
  return { errors: [{ code, message, ...(details ? { details } : {}) }] }
}
