import { createECDH, randomBytes } from 'node:crypto'
import { scalarText } from '../scalar-text.ts'
import { webPushEncryption } from './web-push-encryption.ts'

/** What a browser makes when it subscribes: the two public strings, and the scalar that it keeps. */
export interface SubscriptionKeys {
  readonly p256dh: string
  readonly auth: string
  /** base64url, 32 bytes. */
  readonly privateKey: string
}

/** Keys for a pretended browser, in tests and fakes. */
export function generateSubscriptionKeys(): SubscriptionKeys {
  const ecdh = createECDH('prime256v1')
  const p256dh = ecdh.generateKeys().toString('base64url')
  return {
    p256dh,
    auth: randomBytes(webPushEncryption.authLength).toString('base64url'),
    privateKey: scalarText(ecdh.getPrivateKey()),
  }
}
