import { createHash } from 'node:crypto'

/**
 * A short, stable, public name of a VAPID key, for rows and logs: 16 characters of base64url.
 *
 * @param publicKey base64url without padding, as in `VapidKeys.publicKey`.
 */
export function vapidKeyId(publicKey: string): string {
  return createHash('sha256')
    .update(Buffer.from(publicKey, 'base64url'))
    .digest()
    .toString('base64url', 0, 12)
}
