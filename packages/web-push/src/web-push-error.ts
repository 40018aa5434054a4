/** Every code that this package throws. What push services do is an `Outcome`, never a throw. */
export type WebPushErrorCode =
  /** More plaintext than one 4,096-byte body can carry (RFC 8291 section 4). */
  | 'PAYLOAD_TOO_LARGE'
  /** p256dh is not an uncompressed P-256 point, or not on the curve. */
  | 'P256DH_INVALID'
  | 'AUTH_INVALID'
  /** A body that is not one aes128gcm record for this key. */
  | 'DECRYPTION_FAILED'
  | 'VAPID_KEY_INVALID'
  | 'VAPID_KEYS_MISSING'
  | 'ALLOWED_HOST_INVALID'
  | 'PUSH_RESOLVE_INVALID'
  | 'TOPIC_INVALID'
  | 'TTL_INVALID'
  | 'URGENCY_INVALID'
  | 'DEADLINE_INVALID'
  | 'SENDER_CLOSED'

/** A mistake of the caller or the operator. Messages hold hosts at most, never endpoints or keys. */
export class WebPushError extends Error {
  override readonly name = 'WebPushError'
  readonly code: WebPushErrorCode

  constructor(code: WebPushErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
