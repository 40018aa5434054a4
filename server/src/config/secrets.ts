import { checkSubject, type VapidKeys } from '@belfry/web-push'
import type { Config } from '../config.ts'
import type { ReadFile } from './existing-text.ts'
import { keptKeys } from './keys-file.ts'

/** What the operator gave, or what was generated once into `DATA_DIR/keys.json` (mode 0600). */
export interface Secrets {
  readonly vapid: VapidKeys
  readonly previousVapid: readonly VapidKeys[]
  readonly vapidSubject: string
  /** True when `vapidSubject` is a placeholder that Apple refuses: say so at the start. */
  readonly subjectIsPlaceholder: boolean
  readonly jwtSecret: string
}

const placeholderSubject = 'mailto:operator@example.com'

/**
 * Reads or makes the keys. Never overwrites a file that it cannot read: those keys bind every subscription.
 *
 * @throws FileAccessError, KeysFileError, DataDirError
 */
export function readSecrets(config: Config, publicUrl: string, readFile?: ReadFile): Secrets {
  const uses = {
    vapid: config.VAPID_PUBLIC_KEY === undefined,
    jwtSecret: config.JWT_SECRET === undefined,
  }
  const kept = uses.vapid || uses.jwtSecret ? keptKeys(config.DATA_DIR, { uses, readFile }) : null
  const subject =
    config.VAPID_SUBJECT ?? (checkSubject(publicUrl).ok ? publicUrl : placeholderSubject)
  return {
    vapid: {
      publicKey: config.VAPID_PUBLIC_KEY ?? kept?.vapidPublicKey ?? '',
      privateKey: config.VAPID_PRIVATE_KEY ?? kept?.vapidPrivateKey ?? '',
    },
    previousVapid: config.VAPID_PREVIOUS_KEYS.map((pair) => {
      const [publicKey = '', privateKey = ''] = pair.split(':')
      return { publicKey, privateKey }
    }),
    vapidSubject: subject,
    subjectIsPlaceholder: subject === placeholderSubject,
    jwtSecret: config.JWT_SECRET ?? kept?.jwtSecret ?? '',
  }
}
