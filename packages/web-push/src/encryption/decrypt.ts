import { createECDH } from 'node:crypto'
import { decodeBase64 } from '../decode-base64.ts'
import { WebPushError } from '../web-push-error.ts'
import { decryptRecords } from './decrypt-records.ts'
import { deriveInputKey } from './input-key.ts'
import { readContentHeader } from './read-content-header.ts'
import { webPushEncryption } from './web-push-encryption.ts'

/** A push as its receiver has it. */
export interface DecryptInput {
  /** The whole body of the request. */
  readonly body: Uint8Array
  /** The receiver's scalar, 32 bytes or base64url of them. */
  readonly privateKey: Uint8Array | string
  /** The receiver's secret, 16 bytes or base64url of them. */
  readonly auth: Uint8Array | string
}

/**
 * Decrypts a Web Push body (RFC 8291) as a browser does. For tests and push services' fakes:
 * a sender never needs it.
 *
 * @returns The plaintext, without padding.
 * @throws WebPushError `DECRYPTION_FAILED`: not one aes128gcm record for these keys.
 */
export function decrypt(input: DecryptInput): Buffer {
  const header = readContentHeader(input.body)
  const { keyId, records, recordSize } = header
  if (keyId.length !== webPushEncryption.pointLength || keyId[0] !== 0x04) {
    throw new WebPushError(
      'DECRYPTION_FAILED',
      `The key id must be the sender's 65-byte point, got ${keyId.length} bytes`,
    )
  }
  // RFC 8291 section 4: one record only, and rs strictly greater than it is long.
  if (records.length >= recordSize) {
    throw new WebPushError(
      'DECRYPTION_FAILED',
      `A push is one record shorter than its record size ${recordSize}, got ${records.length} bytes`,
    )
  }
  const ecdh = createECDH('prime256v1')
  const authSecret = bytesOf(input.auth, 'auth')
  ecdh.setPrivateKey(bytesOf(input.privateKey, 'privateKey'))
  const { inputKey } = deriveInputKey({
    sharedSecret: sharedSecretOf(ecdh, keyId),
    authSecret,
    userAgentPoint: ecdh.getPublicKey(),
    senderPoint: keyId,
  })
  return decryptRecords(header, inputKey)
}

function sharedSecretOf(ecdh: ReturnType<typeof createECDH>, point: Uint8Array): Buffer {
  try {
    const secret = ecdh.computeSecret(point)
    return secret
  } catch (cause) {
    throw new WebPushError(
      'DECRYPTION_FAILED',
      "The sender's key is not a point on the curve P-256",
      { cause },
    )
  }
}

function bytesOf(value: Uint8Array | string, name: string): Uint8Array {
  const bytes = typeof value === 'string' ? decodeBase64(value) : value
  if (!bytes) throw new WebPushError('DECRYPTION_FAILED', `${name} must be bytes or base64url`)
  return bytes
}
