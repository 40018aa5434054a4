import { createHash, verify } from 'node:crypto'
import type { AnswerName } from './answers.ts'
import { decodeBase64url } from './base64url.ts'
import { headerParameter } from './header-parameter.ts'
import { p256PublicKey } from './p256-public-key.ts'

/** `exp` may have passed by this much; there is no leeway in the other direction. */
const leewaySeconds = 60
/** RFC 8292 section 2: `exp` lies at most 24 hours ahead. */
const longestSeconds = 24 * 60 * 60

/** What a request claims, and what its endpoint expects. */
export interface VapidCheck {
  readonly authorization: string | undefined
  readonly cryptoKey: string | undefined
  /** SHA-256 (hex) of the key that the subscription was made with; undefined when it was made without. */
  readonly keyHash: string | undefined
  /** The `aud` that a token must have, character by character. */
  readonly audience: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

/**
 * Checks VAPID (RFC 8292) as autopush does: header, key match, signature, claims, in that order.
 * Undefined when the request may pass, else the name of the answer. An endpoint without a key
 * asks for no VAPID, but what is sent must be right.
 */
export function checkVapid(check: VapidCheck): AnswerName | undefined {
  if (check.authorization === undefined) {
    return check.keyHash === undefined ? undefined : 'vapid-missing'
  }
  const header = parseAuthorization(check.authorization, check.cryptoKey)
  if ('refusal' in header) return header.refusal
  const key = decodeBase64url(header.key)
  if (key === undefined) return 'vapid-key-invalid'
  if (check.keyHash !== undefined && hashVapidKey(key) !== check.keyHash) {
    return 'vapid-key-mismatch'
  }
  return checkToken(header.token, key, check)
}

/** SHA-256 of the raw key, in hex: what an endpoint remembers of the key it is bound to. */
export function hashVapidKey(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('hex')
}

type ParsedAuthorization =
  | { readonly token: string; readonly key: string }
  | { readonly refusal: AnswerName }

/** `vapid t=…, k=…` (RFC 8292 section 3), or the older `WebPush <token>` whose key is in Crypto-Key. */
function parseAuthorization(
  authorization: string,
  cryptoKey: string | undefined,
): ParsedAuthorization {
  const space = authorization.indexOf(' ')
  if (space === -1) return { refusal: 'vapid-token-missing' }
  const scheme = authorization.slice(0, space).toLowerCase()
  const rest = authorization.slice(space + 1).replaceAll(' ', '')
  if (scheme === 'vapid') {
    const key = headerParameter(rest, 'k')
    if (key === undefined) return { refusal: 'vapid-missing' }
    const token = headerParameter(rest, 't')
    return token === undefined ? { refusal: 'vapid-token-missing' } : { token, key }
  }
  if (scheme !== 'webpush' && scheme !== 'bearer') return { refusal: 'vapid-scheme' }
  if (cryptoKey === undefined) return { refusal: 'crypto-key-missing' }
  const key = headerParameter(cryptoKey, 'p256ecdsa')
  return key === undefined ? { refusal: 'crypto-key-incomplete' } : { token: rest, key }
}

function checkToken(token: string, key: Buffer, check: VapidCheck): AnswerName | undefined {
  const parts = token.split('.')
  const [head, body, signature] = parts
  if (parts.length !== 3 || head === undefined || body === undefined || signature === undefined) {
    return 'vapid-token-malformed'
  }
  const header = parseJsonObject(head)
  if (header === undefined) return 'vapid-token-malformed'
  if (header['alg'] !== 'ES256') return 'vapid-algorithm'
  const publicKey = p256PublicKey(key)
  if (publicKey === undefined) return 'vapid-key-invalid'
  const signed = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    // RFC 7518 section 3.4: r and s side by side, not DER.
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    decodeBase64url(signature) ?? Buffer.alloc(0),
  )
  if (!signed) return 'vapid-signature'
  const claims = parseJsonObject(body)
  return claims === undefined ? 'vapid-claims' : checkClaims(claims, check)
}

function checkClaims(claims: Record<string, unknown>, check: VapidCheck): AnswerName | undefined {
  const { exp, aud, sub } = claims
  if (typeof exp !== 'number' || !Number.isSafeInteger(exp) || exp < 0) return 'vapid-claims'
  if (typeof aud !== 'string') return 'vapid-claims'
  // A missing or odd `sub` passes here, though Apple's service refuses it.
  if (sub !== undefined && typeof sub !== 'string') return 'vapid-claims'
  const nowSeconds = Math.floor(check.now / 1000)
  if (exp < nowSeconds - leewaySeconds) return 'vapid-expired'
  if (exp > nowSeconds + longestSeconds) return 'vapid-too-long'
  return aud === check.audience ? undefined : 'vapid-audience'
}

function parseJsonObject(segment: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(decodeBase64url(segment)?.toString('utf8') ?? '')
    return isObject(value) ? value : undefined
  } catch {
    // Not JSON: the caller answers that the token is malformed.
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
