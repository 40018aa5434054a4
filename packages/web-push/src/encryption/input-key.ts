import { createHmac } from 'node:crypto'
import { webPushEncryption } from './web-push-encryption.ts'

export interface InputKeyMaterial {
  /** 32 bytes: the X coordinate of the shared point. */
  readonly sharedSecret: Uint8Array
  readonly authSecret: Uint8Array
  /** The browser's point, 65 bytes. */
  readonly userAgentPoint: Uint8Array
  /** The sender's point, 65 bytes. */
  readonly senderPoint: Uint8Array
}

export interface InputKey {
  readonly prk: Buffer
  readonly info: Buffer
  /** 32 bytes: the input keying material of RFC 8188. */
  readonly inputKey: Buffer
}

/** Combines the shared secret with the authentication secret (RFC 8291 sections 3.3 and 3.4). */
export function deriveInputKey(material: InputKeyMaterial): InputKey {
  const prk = createHmac('sha256', material.authSecret).update(material.sharedSecret).digest()
  const info = Buffer.concat([
    Buffer.from(webPushEncryption.keyInfoLabel),
    material.userAgentPoint,
    material.senderPoint,
  ])
  const inputKey = createHmac('sha256', prk).update(info).update(Buffer.of(1)).digest()
  return { prk, info, inputKey }
}
