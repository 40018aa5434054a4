import { createPublicKey, verify } from 'node:crypto'

export interface VapidExpectation {
  /** The application server key that the browser subscribed with, base64url. */
  readonly sender: string
  /** The origin that the request was sent to. */
  readonly audience: string
  readonly nowMs: number
}

/** What FCM would object to in an `Authorization` header, or `undefined` when it is in order. */
export type VapidFault = { readonly status: 401 | 403; readonly reason: string } | undefined

const DAY_SECONDS = 86_400

/** Checks `vapid t=<JWT>, k=<key>` against RFC 8292: key, signature, audience and lifetime. */
export function checkVapid(header: string | undefined, expected: VapidExpectation): VapidFault {
  const parts = /^vapid\s+t=([^,\s]+),\s*k=([^,\s]+)$/i.exec(header ?? '')
  const [, token, key] = parts ?? []
  if (token === undefined || key === undefined) {
    return { status: 401, reason: 'authorization header must be: vapid t=<JWT>, k=<key>' }
  }
  if (key !== expected.sender.replace(/=+$/, '')) {
    const reason =
      'the VAPID credentials in the authorization header do not correspond to the credentials used to create the subscriptions.'
    return { status: 403, reason }
  }
  const [head = '', claims = '', signature = ''] = token.split('.')
  const signed = Buffer.from(`${head}.${claims}`)
  if (!verify('sha256', signed, publicKey(key), Buffer.from(signature, 'base64url'))) {
    return { status: 403, reason: 'invalid JWT: signature' }
  }
  const fault = claimsFault(JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')), expected)
  return fault === undefined ? undefined : { status: 403, reason: `invalid JWT: ${fault}` }
}

function claimsFault(claims: unknown, expected: VapidExpectation): string | undefined {
  if (typeof claims !== 'object' || claims === null) return 'claims'
  const audience = 'aud' in claims ? claims.aud : undefined
  if (audience !== expected.audience) return `aud is ${String(audience)}, not ${expected.audience}`
  const expiry = 'exp' in claims ? claims.exp : undefined
  const nowSeconds = expected.nowMs / 1000
  if (typeof expiry !== 'number' || expiry <= nowSeconds) return 'exp is missing or past'
  return expiry > nowSeconds + DAY_SECONDS ? 'exp is more than 24 hours ahead' : undefined
}

function publicKey(key: string): {
  key: ReturnType<typeof createPublicKey>
  dsaEncoding: 'ieee-p1363'
} {
  const point = Buffer.from(key, 'base64url')
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33, 65).toString('base64url'),
  }
  return { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }
}
