import { createECDH, createPrivateKey, type KeyObject } from 'node:crypto'
import { decodeBase64 } from '../decode-base64.ts'
import { WebPushError } from '../web-push-error.ts'
import { vapidKeyId } from './vapid-key-id.ts'
import type { VapidKeys } from './vapid-keys.ts'

/** A key pair that was checked, ready to sign. */
export interface ImportedVapidKeys {
  readonly id: string
  /** base64url without padding. */
  readonly publicKey: string
  readonly signingKey: KeyObject
}

/**
 * Checks a VAPID key pair and imports it: lengths, curve, and that the two belong together,
 * because a wrong pair would only show as 403 from every push service.
 *
 * @throws WebPushError `VAPID_KEY_INVALID`; the message never holds a key.
 */
export function importVapidKeys(keys: VapidKeys): ImportedVapidKeys {
  const point = decodeBase64(keys.publicKey)
  if (point?.length !== 65 || point[0] !== 0x04) {
    throw invalid(
      `the public key must be 65 bytes in base64url, got ${point?.length ?? 'other text'}`,
    )
  }
  const scalar = decodeBase64(keys.privateKey)
  if (scalar?.length !== 32) {
    throw invalid(
      `the private key must be 32 bytes in base64url, got ${scalar?.length ?? 'other text'}`,
    )
  }
  if (!publicPointOf(scalar).equals(point)) throw invalid('the two keys are not a pair')
  const publicKey = point.toString('base64url')
  const signingKey = createPrivateKey({
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.toString('base64url', 1, 33),
      y: point.toString('base64url', 33, 65),
      d: scalar.toString('base64url'),
    },
    format: 'jwk',
  })
  return { id: vapidKeyId(publicKey), publicKey, signingKey }
}

function publicPointOf(scalar: Buffer): Buffer {
  const ecdh = createECDH('prime256v1')
  try {
    ecdh.setPrivateKey(scalar)
  } catch (cause) {
    throw invalid('the private key is outside the range of P-256', cause)
  }
  return ecdh.getPublicKey()
}

function invalid(why: string, cause?: unknown): WebPushError {
  return new WebPushError(
    'VAPID_KEY_INVALID',
    `VAPID keys: ${why}; make a pair with generateVapidKeys()`,
    { cause },
  )
}
