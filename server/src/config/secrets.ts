import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { checkSubject, generateVapidKeys, type VapidKeys } from '@belfry/web-push'
import * as z from 'zod'
import type { Config } from '../config.ts'
import { DataDirError, KeysFileError } from './data-dir-errors.ts'

/** What the operator gave, or what was generated once into `DATA_DIR/keys.json` (mode 0600). */
export interface Secrets {
  readonly vapid: VapidKeys
  readonly previousVapid: readonly VapidKeys[]
  readonly vapidSubject: string
  /** True when `vapidSubject` is a placeholder that Apple refuses: say so at the start. */
  readonly subjectIsPlaceholder: boolean
  readonly jwtSecret: string
}

const stored = z.object({
  vapidPublicKey: z.string(),
  vapidPrivateKey: z.string(),
  jwtSecret: z.string(),
})

const placeholderSubject = 'mailto:operator@example.com'

/** Reads or makes the keys. Never overwrites a file that it cannot read: those keys bind every subscription. */
export function readSecrets(config: Config, publicUrl: string): Secrets {
  const given = config.VAPID_PUBLIC_KEY !== undefined && config.JWT_SECRET !== undefined
  const kept = given ? null : keptKeys(config.DATA_DIR)
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

/** A new VAPID pair and JWT secret. */
export function generateSecrets(): z.infer<typeof stored> {
  const pair = generateVapidKeys()
  return {
    vapidPublicKey: pair.publicKey,
    vapidPrivateKey: pair.privateKey,
    jwtSecret: randomBytes(48).toString('base64url'),
  }
}

function keptKeys(dataDir: string): z.infer<typeof stored> {
  const path = join(dataDir, 'keys.json')
  return readKeys(path) ?? makeKeys(dataDir, path)
}

/** Null when there is no file. @throws KeysFileError when there is one that is not whole. */
function readKeys(path: string): z.infer<typeof stored> | null {
  if (!existsSync(path)) return null
  try {
    return stored.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    throw new KeysFileError(path, { cause })
  }
}

/**
 * Written beside and then linked: a crash between leaves either no keys or whole ones, and of two
 * processes that start at once the second finds the keys of the first.
 */
function makeKeys(dataDir: string, path: string): z.infer<typeof stored> {
  const draft = `${path}.${process.pid}`
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const keys = generateSecrets()
    writeFileSync(draft, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flush: true })
    chmodSync(draft, 0o600)
    const first = linkUnlessThere(draft, path)
    rmSync(draft)
    return first ? keys : (readKeys(path) ?? keys)
  } catch (cause) {
    throw cause instanceof KeysFileError ? cause : new DataDirError(dataDir, cause)
  }
}

/** False: somebody else was first. */
function linkUnlessThere(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false
    throw cause
  }
}
