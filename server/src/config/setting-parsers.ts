import { createECDH } from 'node:crypto'
import * as z from 'zod'

/** `a, b,,c` → `[a, b, c]`. */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

/** A number written in digits, both ends included. */
export function wholeNumber(least: number, most: number) {
  return z
    .string()
    .refine(
      (text) => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most,
      `must be a whole number from ${least} to ${most}`,
    )
    .transform(Number)
}

/** One of these words. */
export function oneOf<const Word extends string>(...words: readonly [Word, ...Word[]]) {
  return z.enum(words, { error: `must be one of ${words.join(', ')}` })
}

/** An http(s) address without path, as an origin: a trailing slash is forgiven. */
export const origin = z.string().transform((text, context) => {
  const url = URL.parse(text)
  if (
    url === null ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.pathname !== '/' ||
    url.search !== '' ||
    url.hash !== '' ||
    url.username !== ''
  ) {
    context.addIssue({
      code: 'custom',
      message: 'must be an address such as https://belfry.example, without a path',
    })
    return z.NEVER
  }
  return url.origin
})

/** An http(s) address that paths are appended to: no query, no password, and a trailing slash is forgiven. */
export const baseUrl = z.string().transform((text, context) => {
  const url = URL.parse(text)
  if (
    url === null ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.search !== '' ||
    url.hash !== '' ||
    url.username !== '' ||
    url.password !== ''
  ) {
    context.addIssue({
      code: 'custom',
      message: 'must be an address such as https://push.example/api, without query or password',
    })
    return z.NEVER
  }
  return url.href.replace(/\/+$/, '')
})

/** What goes behind `Authorization: Bearer` (RFC 6750 section 2.1). */
export const bearer = z
  .string()
  .regex(/^[\w.~+/-]+=*$/, 'must be a token of letters, digits and - . _ ~ + /, without spaces')

/**
 * Runs a parser that throws with a good sentence, and makes that sentence the setting's problem; or `wants`, where
 * the parser's own sentence names the setting again.
 */
export function parsedBy<Result>(parse: (text: string) => Result, wants?: string) {
  return z.string().transform((text, context): Result => {
    try {
      return parse(text)
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : 'cannot be read'
      context.addIssue({
        code: 'custom',
        message: wants ?? said,
        params: { [saysValue]: wants === undefined },
      })
      return z.NEVER
    }
  })
}

/** In an issue's `params`: its sentence says already which value is meant. */
export const saysValue = 'saysValue'

/** HMAC-SHA-256 wants a key as long as its output (RFC 7518 section 3.2). */
export const shortestSecretBytes = 32

/** Which of the two is to be looked at first. The message never holds a key. */
type PairVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly wrong: 'public' | 'private'; readonly message: string }

/** A VAPID pair that belongs together: 65-byte public point, 32-byte private scalar, both base64url. */
export function vapidPair(publicKey: string, privateKey: string): PairVerdict {
  const scalar = bytesOf(privateKey)
  if (scalar?.length !== 32)
    return refuse('private', 'the private key must be 32 bytes of base64url')
  const point = bytesOf(publicKey)
  if (point?.length !== 65) return refuse('public', 'the public key must be 65 bytes of base64url')
  try {
    const ecdh = createECDH('prime256v1')
    ecdh.setPrivateKey(scalar)
    return ecdh.getPublicKey().equals(point)
      ? { ok: true }
      : refuse('private', 'the public key does not belong to the private key')
  } catch {
    // OpenSSL refuses scalars outside the group; its own message would say less.
    return refuse('private', 'the private key is not a P-256 scalar')
  }
}

function refuse(wrong: 'public' | 'private', message: string): PairVerdict {
  return { ok: false, wrong, message }
}

/** `Buffer.from` alone skips what is no base64, and the sender refuses it later. */
function bytesOf(text: string): Buffer | null {
  return /^[\w+/-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64url') : null
}
