import { createPublicKey, type KeyObject } from 'node:crypto'
import { encodeBase64url } from './base64url.ts'

/** The key of an uncompressed P-256 point (65 bytes, 0x04 first); undefined when it is not one, or off the curve. */
export function p256PublicKey(point: Uint8Array): KeyObject | undefined {
  if (point.length !== 65 || point[0] !== 4) return undefined
  const x = encodeBase64url(point.subarray(1, 33))
  const y = encodeBase64url(point.subarray(33))
  try {
    return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
  } catch {
    // The import is the curve check itself: a point off the curve throws.
    return undefined
  }
}
