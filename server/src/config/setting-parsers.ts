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

/** Runs a parser that throws with a good sentence, and makes that sentence the setting's problem. */
export function parsedBy<Result>(parse: (text: string) => Result) {
  return z.string().transform((text, context): Result => {
    try {
      return parse(text)
    } catch (cause) {
      context.addIssue({
        code: 'custom',
        message: cause instanceof Error ? cause.message : 'cannot be read',
      })
      return z.NEVER
    }
  })
}

/** A VAPID pair that belongs together: 65-byte public point, 32-byte private scalar, both base64url. */
export function vapidPair(
  publicKey: string,
  privateKey: string,
): { ok: true } | { ok: false; message: string } {
  const scalar = Buffer.from(privateKey, 'base64url')
  if (scalar.length !== 32) {
    return {
      ok: false,
      message: 'the private key must be 32 bytes of base64url; `npx belfry keys` prints a pair',
    }
  }
  try {
    const ecdh = createECDH('prime256v1')
    ecdh.setPrivateKey(scalar)
    return ecdh.getPublicKey().equals(Buffer.from(publicKey, 'base64url'))
      ? { ok: true }
      : {
          ok: false,
          message:
            'the public key does not belong to the private key; `npx belfry keys` prints a pair',
        }
  } catch {
    // OpenSSL refuses scalars outside the group; its own message would say less.
    return {
      ok: false,
      message: 'the private key is not a P-256 scalar; `npx belfry keys` prints a pair',
    }
  }
}
