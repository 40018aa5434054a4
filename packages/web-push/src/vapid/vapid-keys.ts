/** A P-256 key pair that names one application server to the push services (RFC 8292). */
export interface VapidKeys {
  /** base64url without padding, 87 characters: the uncompressed point that browsers call `applicationServerKey`. */
  readonly publicKey: string
  /** base64url without padding, 43 characters: the 32-byte scalar. */
  readonly privateKey: string
}
