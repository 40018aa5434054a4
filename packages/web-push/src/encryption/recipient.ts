import type { KeyObject } from 'node:crypto'
import { decodeBase64 } from '../decode-base64.ts'
import { WebPushError } from '../web-push-error.ts'
import type { ImportPublicKey } from './import-public-key.ts'
import { webPushEncryption } from './web-push-encryption.ts'

/** A subscription's keys, ready to encrypt to. */
export interface Recipient {
  /** As given, to notice when the same point comes with another secret. */
  readonly auth: string
  readonly authSecret: Buffer
  readonly point: Buffer
  readonly publicKey: KeyObject
}

/**
 * Decodes and imports a subscription's keys.
 *
 * @throws WebPushError `P256DH_INVALID`, `AUTH_INVALID`.
 */
export function importRecipient(
  keys: { readonly p256dh: string; readonly auth: string },
  importPublicKey: ImportPublicKey,
): Recipient {
  const authSecret = decodeBase64(keys.auth)
  if (authSecret?.length !== webPushEncryption.authLength) {
    throw new WebPushError(
      'AUTH_INVALID',
      'auth must be 16 bytes of base64url; ask the device to subscribe again',
    )
  }
  const point = decodeBase64(keys.p256dh)
  if (point?.length !== webPushEncryption.pointLength || point[0] !== 0x04) {
    throw new WebPushError(
      'P256DH_INVALID',
      'p256dh must be a 65-byte uncompressed P-256 point in base64url; ask the device to subscribe again',
    )
  }
  try {
    return { auth: keys.auth, authSecret, point, publicKey: importPublicKey(point) }
  } catch (cause) {
    throw new WebPushError(
      'P256DH_INVALID',
      'p256dh is not a point on the curve P-256; ask the device to subscribe again',
      { cause },
    )
  }
}
