import { createECDH } from 'node:crypto'
import { scalarText } from '../scalar-text.ts'
import type { VapidKeys } from './vapid-keys.ts'

/**
 * Makes a new VAPID key pair (RFC 8292 section 3.2). Make it once per deployment: every
 * subscription is bound to the public key that it was made with.
 */
export function generateVapidKeys(): VapidKeys {
  const ecdh = createECDH('prime256v1')
  const publicKey = ecdh.generateKeys('base64url')
  return { publicKey, privateKey: scalarText(ecdh.getPrivateKey()) }
}
