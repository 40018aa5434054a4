import { createRemoteJWKSet, decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose'
import * as z from 'zod'

/** What a valid token says. `sid` only in tokens of ours. */
export interface Claims {
  readonly sub: string
  readonly sid: string | null
  readonly expiresAtMs: number
  readonly name: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly locale: string | null
}

export interface Tokens {
  /** A token of ours: HS256, 30 days, revocable by `sid`. */
  sign(subject: string, sid: string): Promise<{ token: string; expiresAtMs: number }>
  /** Null for anything that is not a valid token. Rejects with JWKS_UNAVAILABLE when the issuer's keys cannot be had. */
  verify(token: string): Promise<Claims | null>
}

/** The external issuer's keys could not be fetched: nobody can be told apart now. HTTP 503. */
export class JwksUnavailableError extends Error {
  readonly code = 'JWKS_UNAVAILABLE'
  constructor(options: ErrorOptions) {
    super('The keys of JWT_JWKS_URL could not be fetched. Check that the address answers.', options)
    this.name = 'JwksUnavailableError'
  }
}

export interface TokenOptions {
  readonly secret: string
  readonly jwksUrl: string | undefined
  readonly issuer: string | undefined
  readonly audience: string | undefined
  readonly now: () => number
}

/** `iss` of our own tokens; only these carry a `sid` and can be ended. */
const ourIssuer = 'belfry'
const lifetimeMs = 30 * 24 * 3600 * 1000
const claims = z.object({
  sub: z.string().min(1).max(255),
  iss: z.string().optional(),
  sid: z.string().optional(),
  exp: z.number(),
  name: z.string().max(255).optional().catch(undefined),
  email: z.string().max(254).optional().catch(undefined),
  phone: z.string().max(20).optional().catch(undefined),
  phone_number: z.string().max(20).optional().catch(undefined),
  locale: z.string().max(35).optional().catch(undefined),
})

/** One algorithm for each key: HS256 with our secret, asymmetric ones with the issuer's set (RFC 8725 §3.1). */
export function createTokens(options: TokenOptions): Tokens {
  const secret = new TextEncoder().encode(options.secret)
  const check = createCheck(options, secret)
  return {
    async sign(subject, sid) {
      const issuedAt = Math.floor(options.now() / 1000)
      const expiresAt = issuedAt + lifetimeMs / 1000
      const token = await new SignJWT({ sid })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuer(ourIssuer)
        .setSubject(subject)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(secret)
      return { token, expiresAtMs: expiresAt * 1000 }
    },
    async verify(token) {
      if (token.length > 8192) return null
      try {
        const { payload, protectedHeader } = await check(token)
        return readClaims(payload, protectedHeader.alg)
      } catch (cause) {
        if (isJwksTrouble(cause)) throw new JwksUnavailableError({ cause })
        return null // Not a token, not ours, or expired: all the same to the outside.
      }
    },
  }
}

function createCheck(options: TokenOptions, secret: Uint8Array) {
  const keys = options.jwksUrl === undefined ? null : createRemoteJWKSet(new URL(options.jwksUrl))
  const foreign = {
    ...(options.issuer === undefined ? {} : { issuer: options.issuer }),
    ...(options.audience === undefined ? {} : { audience: options.audience }),
    algorithms: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'],
    requiredClaims: ['sub', 'exp'],
  }
  const ours = { algorithms: ['HS256'], requiredClaims: ['sub', 'exp'] }
  return (token: string) => {
    const currentDate = new Date(options.now())
    return keys !== null && decodeProtectedHeader(token).alg !== 'HS256'
      ? jwtVerify(token, keys, { ...foreign, currentDate })
      : jwtVerify(token, secret, { ...ours, currentDate })
  }
}

/** Null: signed by somebody we trust, but not a token that says who. */
function readClaims(payload: unknown, algorithm: string): Claims | null {
  const parsed = claims.safeParse(payload)
  if (!parsed.success) return null
  const { sub, sid, exp, name, email, phone, phone_number: oidcPhone, locale, iss } = parsed.data
  const ours = algorithm === 'HS256' && iss === ourIssuer
  if (ours && sid === undefined) return null
  return {
    sub,
    sid: ours ? (sid ?? null) : null,
    expiresAtMs: exp * 1000,
    name: name ?? null,
    email: email ?? null,
    phone: phone ?? oidcPhone ?? null,
    locale: locale ?? null,
  }
}

function isJwksTrouble(cause: unknown): boolean {
  if (cause instanceof errors.JWKSTimeout || cause instanceof errors.JWKSInvalid) return true
  // jose throws its base error for a set that answers other than 200, and fetch's TypeError when it is not there.
  return (
    cause instanceof TypeError ||
    (cause instanceof errors.JOSEError && cause.code === 'ERR_JOSE_GENERIC')
  )
}
