import { randomBytes } from 'node:crypto'
import { chmodSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateVapidKeys } from '@belfry/web-push'
import * as z from 'zod'
import { errorCode } from './access-cure.ts'
import { DataDirError, KeysFileError, type KeysFault } from './data-dir-errors.ts'
import { existingText, type ReadFile } from './existing-text.ts'
import { FileAccessError } from './file-access-error.ts'
import { shortestSecretBytes, vapidPair } from './setting-parsers.ts'

/** A VAPID pair and the secret of tokens, as `DATA_DIR/keys.json` holds them. */
export type Keys = z.infer<typeof stored>

const stored = z.object({
  vapidPublicKey: z.string(),
  vapidPrivateKey: z.string(),
  jwtSecret: z.string(),
})

export interface KeptKeysOptions {
  /** Which of them are used; the others are not looked at. */
  readonly uses: { readonly vapid: boolean; readonly jwtSecret: boolean }
  readonly readFile?: ReadFile
}

/** A new VAPID pair and JWT secret. */
export function generateSecrets(): Keys {
  const pair = generateVapidKeys()
  return {
    vapidPublicKey: pair.publicKey,
    vapidPrivateKey: pair.privateKey,
    jwtSecret: randomBytes(48).toString('base64url'),
  }
}

/**
 * The keys of `DATA_DIR/keys.json`, made when there are none. Never overwrites a file that it cannot use.
 *
 * @throws FileAccessError, KeysFileError, DataDirError
 */
export function keptKeys(dataDir: string, options: KeptKeysOptions): Keys {
  const path = join(dataDir, 'keys.json')
  return readKeys(path, options) ?? makeKeys(dataDir, path, options)
}

/** Null when there is no file. */
function readKeys(path: string, { uses, readFile }: KeptKeysOptions): Keys | null {
  const text = existingText(path, readFile)
  if (text === null) return null
  const keys = parseKeys(path, text)
  const fault = (uses.vapid ? pairFault(keys) : null) ?? (uses.jwtSecret ? secretFault(keys) : null)
  if (fault !== null) throw new KeysFileError(path, fault)
  return keys
}

function parseKeys(path: string, text: string): Keys {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new KeysFileError(path, { field: null, finding: 'it is not JSON' }, { cause })
  }
  const parsed = stored.safeParse(json)
  if (parsed.success) return parsed.data
  const names = Object.keys(stored.shape).join(', ')
  const finding = `it must be an object with ${names}, each a text`
  throw new KeysFileError(path, { field: null, finding }, { cause: parsed.error })
}

function pairFault(keys: Keys): KeysFault | null {
  const pair = vapidPair(keys.vapidPublicKey, keys.vapidPrivateKey)
  if (pair.ok) return null
  const field = pair.wrong === 'public' ? 'vapidPublicKey' : 'vapidPrivateKey'
  return { field, finding: pair.message }
}

function secretFault({ jwtSecret }: Keys): KeysFault | null {
  return Buffer.byteLength(jwtSecret) >= shortestSecretBytes
    ? null
    : { field: 'jwtSecret', finding: `it must be at least ${shortestSecretBytes} bytes` }
}

/**
 * Written beside and then linked: a crash between leaves either no keys or whole ones, and of two
 * processes that start at once the second finds the keys of the first.
 */
function makeKeys(dataDir: string, path: string, options: KeptKeysOptions): Keys {
  const draft = `${path}.${process.pid}`
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const keys = generateSecrets()
    writeFileSync(draft, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600, flush: true })
    chmodSync(draft, 0o600)
    const first = linkUnlessThere(draft, path)
    rmSync(draft)
    return first ? keys : (readKeys(path, options) ?? keys)
  } catch (cause) {
    if (cause instanceof KeysFileError || cause instanceof FileAccessError) throw cause
    throw new DataDirError(dataDir, cause)
  }
}

/** False: somebody else was first. */
function linkUnlessThere(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') return false
    throw cause
  }
}
