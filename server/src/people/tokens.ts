import { displayName, email, id, locale, phone } from '@belfry/contracts'
import { createSecretKey, type KeyObject } from 'node:crypto'
import {
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  SignJWT,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose'
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
  /** Rejects with JWKS_UNAVAILABLE when the issuer's keys cannot be had. */
  verify(token: string): Promise<Verified>
}

export type Verified =
  | { readonly kind: 'valid'; readonly claims: Claims }
  | { readonly kind: 'refused'; readonly reason: TokenRefusal }

/** All but the first are told only of tokens whose signature is right. `ended`: its session. */
export type TokenRefusal =
  | 'not_accepted'
  | 'expired'
  | 'no_expiry'
  | 'not_yet_valid'
  | 'other_issuer'
  | 'other_audience'
  | 'no_subject'
  | 'ended'

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
const longestToken = 8192

/** What somebody else's token says of a person is taken when it is fit, and left out when it is not. */
const claims = z.object({
  sub: id,
  iss: z.string().optional(),
  sid: z.string().optional(),
  exp: z.number(),
  name: displayName.optional().catch(undefined),
  email: email.optional().catch(undefined),
  phone: phone.optional().catch(undefined),
  phone_number: phone.optional().catch(undefined),
  locale: locale.optional().catch(undefined),
})

/**
 * One algorithm for each key: HS256 with our secret, asymmetric ones with the issuer's set (RFC 8725
 * §3.1). Tokens of ours are always taken; of others those signed with our secret, or, where an
 * issuer's set is given, those of that issuer instead. `issuer` and `audience` bind others, not us.
 */
export function createTokens(options: TokenOptions): Tokens {
  // A key object: imported once, where bytes would be imported for every request.
  const secret = createSecretKey(Buffer.from(options.secret))
  const check = createCheck(options, secret)
  const recent = createRecentTokens()
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
      if (token.length > longestToken) return { kind: 'refused', reason: 'not_accepted' }
      const known = recent.get(token, options.now())
      if (known !== null) return { kind: 'valid', claims: known }
      try {
        const claimed = readClaims(await check(token))
        if (claimed === null) return { kind: 'refused', reason: 'no_subject' }
        recent.add(token, claimed, options.now())
        return { kind: 'valid', claims: claimed }
      } catch (cause) {
        if (cause instanceof JwksUnavailableError) throw cause
        return { kind: 'refused', reason: refusalOf(cause) }
      }
    },
  }
}

/** `jose` looks at claims only after the signature (RFC 7515 §5.2), and names the one that is wrong. */
function refusalOf(cause: unknown): TokenRefusal {
  if (cause instanceof errors.JWTExpired) return 'expired'
  if (!(cause instanceof errors.JWTClaimValidationFailed)) return 'not_accepted'
  return claimRefusals.get(cause.claim) ?? 'not_accepted'
}

const claimRefusals: ReadonlyMap<string, TokenRefusal> = new Map([
  ['exp', 'no_expiry'],
  ['nbf', 'not_yet_valid'],
  ['iss', 'other_issuer'],
  ['aud', 'other_audience'],
  ['sub', 'no_subject'],
])

/** A signature that was right a moment ago is right now: checking it again costs every request a thread's turn. */
function createRecentTokens() {
  const checkedAgainAfterMs = 60_000
  const most = 10_000
  const tokens = new Map<string, { readonly claims: Claims; readonly untilMs: number }>()
  return {
    get(token: string, nowMs: number): Claims | null {
      const entry = tokens.get(token)
      return entry !== undefined && entry.untilMs > nowMs ? entry.claims : null
    },
    add(token: string, claimed: Claims, nowMs: number): void {
      const untilMs = Math.min(claimed.expiresAtMs, nowMs + checkedAgainAfterMs)
      tokens.delete(token)
      tokens.set(token, { claims: claimed, untilMs })
      const oldest = tokens.keys().next().value
      if (tokens.size > most && oldest !== undefined) tokens.delete(oldest)
    },
  }
}

/** Resolves with the payload of a token whose signature, times, issuer and audience are right. */
function createCheck(
  options: TokenOptions,
  secret: KeyObject,
): (token: string) => Promise<JWTPayload> {
  const keys = options.jwksUrl === undefined ? null : issuerKeys(options.jwksUrl)
  const requiredClaims = ['sub', 'exp']
  const foreign = {
    requiredClaims,
    ...(options.issuer === undefined ? {} : { issuer: options.issuer }),
    ...(options.audience === undefined ? {} : { audience: options.audience }),
  }
  return async (token) => {
    const currentDate = new Date(options.now())
    const { alg, typ } = decodeProtectedHeader(token)
    if (!isAccessToken(typ)) throw new errors.JWTInvalid('a token for another purpose')
    if (alg === 'HS256') {
      const ours = decodeJwt(token).iss === ourIssuer
      if (!ours && keys !== null)
        throw new errors.JWTInvalid('an issuer takes the place of the secret')
      const expected = ours ? { requiredClaims: [...requiredClaims, 'sid'] } : foreign
      const checked = await jwtVerify(token, secret, {
        ...expected,
        algorithms: ['HS256'],
        currentDate,
      })
      return checked.payload
    }
    if (keys === null) throw new errors.JOSEAlgNotAllowed('only HS256 without an issuer')
    const algorithms = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519']
    return verifyWithAny(token, keys, { ...foreign, algorithms, currentDate })
  }
}

/** Tokens say what they are for (RFC 8725 §3.11): a logout token or a DPoP proof is no access. */
function isAccessToken(typ: string | undefined): boolean {
  return typ === undefined || /^(application\/)?(at\+)?jwt$/i.test(typ)
}

/** The issuer's keys. What is not about the token is that they cannot be had. */
function issuerKeys(url: string): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(new URL(url))
  return async (header, token) => {
    try {
      return await remote(header, token)
    } catch (cause) {
      const aboutTheToken =
        cause instanceof errors.JWKSNoMatchingKey ||
        cause instanceof errors.JWKSMultipleMatchingKeys ||
        cause instanceof errors.JOSENotSupported
      throw aboutTheToken ? cause : new JwksUnavailableError({ cause })
    }
  }
}

/** A token without `kid` may fit several keys of the set: then each is tried. */
async function verifyWithAny(
  token: string,
  keys: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, options)).payload
  } catch (cause) {
    if (!(cause instanceof errors.JWKSMultipleMatchingKeys)) throw cause
    for await (const key of cause) {
      try {
        return (await jwtVerify(token, key, options)).payload
      } catch (wrong) {
        if (!(wrong instanceof errors.JWSSignatureVerificationFailed)) throw wrong
      }
    }
    throw cause
  }
}

/** Null: signed by somebody we trust, but not a token that says who. */
function readClaims(payload: JWTPayload): Claims | null {
  const parsed = claims.safeParse(payload)
  if (!parsed.success) return null
  const { sub, sid, exp, iss, phone_number: oidcPhone } = parsed.data
  return {
    sub,
    sid: iss === ourIssuer ? (sid ?? null) : null,
    expiresAtMs: exp * 1000,
    name: parsed.data.name ?? null,
    email: parsed.data.email ?? null,
    phone: parsed.data.phone ?? oidcPhone ?? null,
    locale: parsed.data.locale ?? null,
  }
}
