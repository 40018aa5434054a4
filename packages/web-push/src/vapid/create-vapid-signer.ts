import { sign } from 'node:crypto'
import { createRecentEntries } from '../recent-entries.ts'
import type { ImportedVapidKeys } from './import-vapid-keys.ts'

/** RFC 8292 section 2 allows 24 h; Mozilla gives no leeway ahead, so stay well inside. */
const LIFETIME_MS = 12 * 3_600_000
/** Renewed when less is left, so one token serves 11 h. Apple wants it to live at least one hour. */
const RENEW_BEFORE_MS = 3_600_000
/** After a 401, a token younger than this is not signed again: its age cannot be the reason. */
const TOO_YOUNG_TO_RENEW_MS = 60_000
/** Origins are push services: a handful. The bound is for wildcard hosts. */
const REMEMBERED_TOKENS = 1024

const HEADER = Buffer.from('{"typ":"JWT","alg":"ES256"}').toString('base64url')

export interface VapidToken {
  /** The whole header value: `vapid t=<JWT>, k=<public key>` (RFC 8292 section 3). */
  readonly authorization: string
  readonly signedAtMs: number
}

/** Signs who we are, once per push service and key. */
export interface VapidSigner {
  /**
   * The token for an origin, from the cache when it still lives for an hour.
   *
   * @param origin `scheme://host[:port]`, as `URL.origin` gives it.
   */
  token(origin: string, keys: ImportedVapidKeys): VapidToken
  /**
   * A newer token than the one that was refused, or undefined when a new signature cannot help.
   * Sends that fail together share one new token.
   */
  renew(origin: string, keys: ImportedVapidKeys, refused: VapidToken): VapidToken | undefined
}

export interface VapidSignerOptions {
  /** `https:` or `mailto:`; see `checkSubject`. */
  readonly subject: string
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

/**
 * Signs with ES256 and keeps each token for its origin: RFC 8292 section 2 lets one token serve
 * every message to an origin, and a signature costs a quarter of an encryption.
 */
export function createVapidSigner({ subject, clock }: VapidSignerOptions): VapidSigner {
  const tokens = createRecentEntries<VapidToken>(REMEMBERED_TOKENS)

  const signNew = (origin: string, keys: ImportedVapidKeys): VapidToken => {
    const signedAtMs = clock()
    // Autopush refuses an `exp` that is not a whole number.
    const exp = Math.floor((signedAtMs + LIFETIME_MS) / 1000)
    const claims = Buffer.from(JSON.stringify({ aud: origin, exp, sub: subject })).toString(
      'base64url',
    )
    const signature = sign('sha256', Buffer.from(`${HEADER}.${claims}`), {
      key: keys.signingKey,
      dsaEncoding: 'ieee-p1363',
    }).toString('base64url')
    const authorization = `vapid t=${HEADER}.${claims}.${signature}, k=${keys.publicKey}`
    const token = { authorization, signedAtMs }
    tokens.set(`${keys.id} ${origin}`, token)
    return token
  }

  const isFresh = (token: VapidToken) => {
    const age = clock() - token.signedAtMs
    // A clock that was set back makes the age negative, and `exp` too far ahead: sign again.
    return age >= -TOO_YOUNG_TO_RENEW_MS && age <= LIFETIME_MS - RENEW_BEFORE_MS
  }

  return {
    token(origin, keys) {
      const known = tokens.get(`${keys.id} ${origin}`)
      return known && isFresh(known) ? known : signNew(origin, keys)
    },
    renew(origin, keys, refused) {
      const known = tokens.get(`${keys.id} ${origin}`)
      if (known && known !== refused && isFresh(known)) return known
      if (clock() - refused.signedAtMs < TOO_YOUNG_TO_RENEW_MS) return undefined
      return signNew(origin, keys)
    },
  }
}
