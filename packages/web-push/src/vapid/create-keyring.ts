import { WebPushError } from '../web-push-error.ts'
import { importVapidKeys, type ImportedVapidKeys } from './import-vapid-keys.ts'
import type { VapidKeys } from './vapid-keys.ts'

/** The key pairs that this server holds, now and from before a rotation. */
export interface Keyring {
  /** By `vapidKeyId` or public key; without a name, the current pair. */
  find(name: string | undefined): ImportedVapidKeys | undefined
}

/**
 * Imports every pair once.
 *
 * @param pairs The current one first.
 * @throws WebPushError `VAPID_KEYS_MISSING`, `VAPID_KEY_INVALID`
 */
export function createKeyring(pairs: readonly VapidKeys[]): Keyring {
  const imported = pairs.map(importVapidKeys)
  const [current] = imported
  if (!current)
    throw new WebPushError('VAPID_KEYS_MISSING', 'A sender needs at least one VAPID key pair')
  const byName = new Map(
    imported.flatMap((keys) => [[keys.id, keys] as const, [keys.publicKey, keys] as const]),
  )
  return { find: (name) => (name === undefined ? current : byName.get(name)) }
}
