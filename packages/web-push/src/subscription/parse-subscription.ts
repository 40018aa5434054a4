import { ECDH } from 'node:crypto'
import { decodeBase64 } from '../decode-base64.ts'
import type { AllowedHosts } from './allowed-hosts.ts'
import { checkEndpoint } from './check-endpoint.ts'
import type { SubscriptionErrorCode, SubscriptionResult } from './parsed-subscription.ts'

/**
 * Reads a subscription as a browser's `subscription.toJSON()` gives it
 * (`{endpoint, expirationTime, keys: {p256dh, auth}}`) or flat (`{endpoint, p256dh, auth}`),
 * and brings every part to its one normal form: the endpoint's `href`, keys as base64url
 * without padding. Other fields are ignored.
 *
 * Looks nothing up: names are checked by DNS at each send, where the answer is used.
 */
export function parseSubscription(
  input: unknown,
  options: { readonly allowedHosts: AllowedHosts },
): SubscriptionResult {
  if (!isRecord(input)) return refuse('SUBSCRIPTION_INVALID', 'subscription must be an object')
  const endpoint = checkEndpoint(input.endpoint, options.allowedHosts)
  if (!endpoint.ok) return endpoint
  const expirationTime = input.expirationTime ?? null
  if (expirationTime !== null && !isTime(expirationTime)) {
    return refuse(
      'EXPIRATION_TIME_INVALID',
      'expirationTime must be null or milliseconds since 1970',
    )
  }
  const keys = isRecord(input.keys) ? input.keys : input
  const p256dh = readKey(keys.p256dh, POINT)
  if (!p256dh.ok) return p256dh
  if (!isOnCurve(p256dh.bytes)) {
    return refuse('P256DH_NOT_ON_CURVE', 'p256dh must be a point on the curve P-256')
  }
  const auth = readKey(keys.auth, SECRET)
  if (!auth.ok) return auth
  return {
    ok: true,
    subscription: {
      endpoint: endpoint.url.href,
      host: endpoint.url.host,
      p256dh: p256dh.bytes.toString('base64url'),
      auth: auth.bytes.toString('base64url'),
      expirationTime,
    },
  }
}

interface KeyRule {
  readonly name: string
  readonly length: number
  readonly missing: SubscriptionErrorCode
  readonly encoding: SubscriptionErrorCode
  readonly wrongLength: SubscriptionErrorCode
}

const POINT: KeyRule = {
  name: 'p256dh',
  length: 65,
  missing: 'P256DH_MISSING',
  encoding: 'P256DH_ENCODING',
  wrongLength: 'P256DH_LENGTH',
}

const SECRET: KeyRule = {
  name: 'auth',
  length: 16,
  missing: 'AUTH_MISSING',
  encoding: 'AUTH_ENCODING',
  wrongLength: 'AUTH_LENGTH',
}

/** Longer text is not decoded at all: 65 bytes are 88 characters of base64. */
const LONGEST_KEY_TEXT = 128

type KeyReading = { readonly ok: true; readonly bytes: Buffer } | Refusal
type Refusal = Extract<SubscriptionResult, { ok: false }>

function readKey(value: unknown, rule: KeyRule): KeyReading {
  if (typeof value !== 'string' || value === '') {
    return refuse(rule.missing, `keys.${rule.name} is missing`)
  }
  const bytes = decodeBase64(value.slice(0, LONGEST_KEY_TEXT))
  if (!bytes) return refuse(rule.encoding, `keys.${rule.name} must be base64url`)
  if (bytes.length !== rule.length || value.length > LONGEST_KEY_TEXT) {
    return refuse(rule.wrongLength, `keys.${rule.name} must be ${rule.length} bytes`)
  }
  return { ok: true, bytes }
}

function isOnCurve(point: Buffer): boolean {
  // Only the uncompressed form: OpenSSL would also take the hybrid one (0x06, 0x07).
  if (point[0] !== 0x04) return false
  try {
    ECDH.convertKey(point, 'prime256v1', undefined, undefined, 'uncompressed')
    return true
  } catch {
    // OpenSSL reports a point off the curve by throwing; that is the answer, not a failure.
    return false
  }
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refuse(code: SubscriptionErrorCode, message: string): Refusal {
  return { ok: false, code, message }
}
