import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto'

export interface PushKeys {
  readonly p256dh: string
  readonly auth: string
}

const RECORD_SIZE = 4096

/**
 * One aes128gcm record for a browser (RFC 8291 §3.4 over RFC 8188 §2). The rig has its own so that
 * it can prove a browser without the product, and the product's against an independent one.
 */
export function encryptPush(plaintext: string, keys: PushKeys): Buffer {
  const browserKey = Buffer.from(keys.p256dh, 'base64url')
  const ecdh = createECDH('prime256v1')
  const senderKey = ecdh.generateKeys()
  const salt = randomBytes(16)
  const keyInfo = Buffer.concat([Buffer.from('WebPush: info\0'), browserKey, senderKey])
  const auth = Buffer.from(keys.auth, 'base64url')
  const ikm = hkdf(ecdh.computeSecret(browserKey), auth, { info: keyInfo, length: 32 })
  const contentKey = hkdf(ikm, salt, {
    info: Buffer.from('Content-Encoding: aes128gcm\0'),
    length: 16,
  })
  const nonce = hkdf(ikm, salt, { info: Buffer.from('Content-Encoding: nonce\0'), length: 12 })
  const cipher = createCipheriv('aes-128-gcm', contentKey, nonce)
  const record = Buffer.concat([Buffer.from(plaintext), Buffer.of(2)])
  const recordSize = Buffer.alloc(4)
  recordSize.writeUInt32BE(RECORD_SIZE)
  const header = Buffer.concat([salt, recordSize, Buffer.of(senderKey.length), senderKey])
  return Buffer.concat([header, cipher.update(record), cipher.final(), cipher.getAuthTag()])
}

function hkdf(secret: Buffer, salt: Buffer, expand: { info: Buffer; length: number }): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, expand.info, expand.length))
}
