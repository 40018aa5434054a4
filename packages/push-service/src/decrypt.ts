import { createDecipheriv, createECDH, hkdfSync } from 'node:crypto'
import { DecryptError } from './errors.ts'

/** Keys of a subscription, raw. */
export interface SubscriptionKeys {
  /** 32 bytes. */
  readonly privateKey: Uint8Array
  /** 65 bytes. */
  readonly publicKey: Uint8Array
  /** 16 bytes. */
  readonly auth: Uint8Array
}

/** salt, record size, key id length, key id: RFC 8188 section 2.1 with RFC 8291's 65-byte key id. */
const headerBytes = 16 + 4 + 1 + 65
const tagBytes = 16

/**
 * Opens one Web Push body (RFC 8291 section 3.4 over RFC 8188): exactly one record, delimiter 2,
 * zeros after it are padding. Throws DECRYPT_FAILED, and says why.
 */
export function decrypt(body: Uint8Array, keys: SubscriptionKeys): Buffer {
  if (body.length < headerBytes + 1 + tagBytes) {
    throw new DecryptError(`a push body has at least 103 bytes, got ${body.length}`)
  }
  const bytes = Buffer.from(body)
  const salt = bytes.subarray(0, 16)
  const recordSize = bytes.readUInt32BE(16)
  const keyIdLength = bytes.readUInt8(20)
  if (keyIdLength !== 65) {
    throw new DecryptError(`the key id must be a 65-byte P-256 key, got ${keyIdLength} bytes`)
  }
  const senderKey = bytes.subarray(21, headerBytes)
  const record = bytes.subarray(headerBytes)
  if (record.length > recordSize) {
    throw new DecryptError(
      `a push is one record, got ${record.length} bytes for size ${recordSize}`,
    )
  }
  const padded = open(record, deriveKeys(keys, senderKey, salt))
  // RFC 8188 section 2: the delimiter is the last byte that is not zero.
  const end = padded.findLastIndex((byte) => byte !== 0)
  if (padded[end] !== 2) throw new DecryptError('the last record must end with delimiter 2')
  return padded.subarray(0, end)
}

function deriveKeys(keys: SubscriptionKeys, senderKey: Buffer, salt: Buffer) {
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(keys.privateKey)
  let secret: Buffer
  try {
    secret = ecdh.computeSecret(senderKey)
  } catch (cause) {
    throw new DecryptError("the sender's key is not on P-256", { cause })
  }
  // RFC 8291 section 3.4
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.publicKey, senderKey])
  const ikm = Buffer.from(hkdfSync('sha256', secret, keys.auth, info, 32))
  // RFC 8188 sections 2.2 and 2.3
  const cek = hkdfSync('sha256', ikm, salt, 'Content-Encoding: aes128gcm\0', 16)
  const nonce = hkdfSync('sha256', ikm, salt, 'Content-Encoding: nonce\0', 12)
  return { cek: Buffer.from(cek), nonce: Buffer.from(nonce) }
}

function open(record: Buffer, { cek, nonce }: { cek: Buffer; nonce: Buffer }): Buffer {
  const decipher = createDecipheriv('aes-128-gcm', cek, nonce)
  decipher.setAuthTag(record.subarray(-tagBytes))
  try {
    return Buffer.concat([decipher.update(record.subarray(0, -tagBytes)), decipher.final()])
  } catch (cause) {
    throw new DecryptError('the body was not encrypted for this subscription', { cause })
  }
}
