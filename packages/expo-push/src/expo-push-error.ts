/** Every code that this package throws. What Expo does is an `Outcome`, never a throw. */
export type ExpoPushErrorCode =
  /** `baseUrl` is not a plain http: or https: URL. */
  | 'BASE_URL_INVALID'
  /** `accessToken` cannot stand in an HTTP header. */
  | 'ACCESS_TOKEN_INVALID'
  /** One of the sender's numbers is not what it must be. */
  | 'LIMIT_INVALID'
  /** The message cannot be written as JSON. */
  | 'MESSAGE_INVALID'
  | 'TTL_INVALID'
  | 'DEADLINE_INVALID'
  | 'SENDER_CLOSED'

/** A mistake of the caller or the operator. Messages never hold a push token or the access token. */
export class ExpoPushError extends Error {
  override readonly name = 'ExpoPushError'
  readonly code: ExpoPushErrorCode

  constructor(code: ExpoPushErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
