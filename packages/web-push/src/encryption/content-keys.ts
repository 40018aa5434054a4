import { createHmac } from 'node:crypto'
import { webPushEncryption } from './web-push-encryption.ts'

export interface ContentKeys {
  readonly prk: Buffer
  /** 16 bytes. */
  readonly contentKey: Buffer
  /** 12 bytes; each record's sequence number is XORed into it. */
  readonly nonce: Buffer
}

/** Content encryption key and nonce from input keying material (RFC 8188 sections 2.2 and 2.3). */
export function deriveContentKeys(inputKey: Uint8Array, salt: Uint8Array): ContentKeys {
  const prk = createHmac('sha256', salt).update(inputKey).digest()
  const expand = (info: string, length: number) =>
    createHmac('sha256', prk).update(`${info}\x01`).digest().subarray(0, length)
  return {
    prk,
    contentKey: expand(webPushEncryption.contentKeyInfo, 16),
    nonce: expand(webPushEncryption.nonceInfo, 12),
  }
}
