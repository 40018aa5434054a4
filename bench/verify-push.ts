import { createPublicKey, verify } from 'node:crypto'
import { decrypt } from '@belfry/web-push/decrypt'
import { numberIn, textIn } from './field.ts'
import { headerOf, type PushRequest } from './push-request.ts'

/** What a pretended browser keeps of its subscription. */
export interface DeviceSecrets {
  readonly privateKey: string
  readonly auth: string
}

export interface Expected {
  readonly device: DeviceSecrets | undefined
  /** Of the push service: the token's audience. */
  readonly origin: string
  /** base64url: whose signature it must be. */
  readonly vapidPublicKey: string
}

const longestLifetimeSeconds = 24 * 3600

/**
 * Whether a device could read this push, and a push service would take its token (RFC 8291, 8292):
 * a sender that skips work gains nothing by it. Undefined, or what is wrong.
 */
export function findCheating(request: PushRequest, expected: Expected): string | undefined {
  const { device, origin, vapidPublicKey } = expected
  if (device === undefined) return `no such device: ${request.path}`
  try {
    if (decrypt({ body: request.body, ...device }).length === 0) return 'an empty message'
  } catch (cause) {
    return `not readable by its device: ${String(cause)}`
  }
  const authorization = headerOf(request.head, 'authorization') ?? ''
  const [, token = '', key = ''] = /^vapid t=([^,\s]+), *k=(\S+)$/.exec(authorization) ?? []
  if (key !== vapidPublicKey) return `signed with another key: ${key}`
  if (!isSigned(token, key)) return 'a signature that is none'
  const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  if (textIn(claims, 'aud') !== origin) return `for another audience: ${textIn(claims, 'aud')}`
  const left = numberIn(claims, 'exp') - Date.now() / 1000
  return left > 0 && left <= longestLifetimeSeconds ? undefined : `valid for ${left} s`
}

function isSigned(token: string, publicKey: string): boolean {
  const [header, claims, signature = ''] = token.split('.')
  const point = Buffer.from(publicKey, 'base64url')
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.toString('base64url', 1, 33),
    y: point.toString('base64url', 33, 65),
  }
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const signed = Buffer.from(`${header}.${claims}`)
  const bytes = Buffer.from(signature, 'base64url')
  return verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, bytes)
}
