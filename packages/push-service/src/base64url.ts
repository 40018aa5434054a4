/**
 * Decodes base64url or standard base64, padded or not: browsers pad the key at `register`, senders
 * write `k` in every one of these forms, and Mozilla's service takes them all. Undefined for anything else.
 */
export function decodeBase64url(text: string): Buffer | undefined {
  if (!/^[\w+/-]*={0,2}$/.test(text)) return undefined
  return Buffer.from(text, 'base64url')
}

/** base64url without padding, RFC 4648 section 5. */
export function encodeBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
