import { isIP } from 'node:net'

/** `message` is one sentence for the operator. */
export type SubjectCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'VAPID_SUBJECT_UNREACHABLE'; readonly message: string }

/**
 * Names that only this machine or this network knows (RFC 6761, RFC 6762, RFC 8375, RFC 9476).
 * `.example` and `.test` are no such names: they stand for public ones in documents and test plans.
 */
const PRIVATE_SUFFIXES = ['localhost', 'local', 'internal', 'invalid', 'lan', 'home.arpa', 'alt']

/**
 * Checks the contact that a push service reads from every token (RFC 8292 section 2.1). Apple
 * answers 403 `BadJwtToken` when it is missing, not a `mailto:` or `https:` URI, or not a
 * public-looking domain; the others let it pass, so a caller may want to warn only.
 */
export function checkSubject(subject: string): SubjectCheck {
  const host = contactHost(subject)
  if (host !== undefined && isPublicName(host)) return { ok: true }
  return {
    ok: false,
    code: 'VAPID_SUBJECT_UNREACHABLE',
    message: `VAPID subject must be an https: or mailto: address that others can reach, got ${JSON.stringify(subject)}`,
  }
}

function contactHost(subject: string): string | undefined {
  // Whitespace and quoting would be dropped by the URL parser, yet stay in the token.
  if (/[\s"<>]/.test(subject)) return undefined
  if (subject.startsWith('mailto:')) {
    return /^mailto:[^@?]+@([^@?]+)$/.exec(subject)?.[1]?.toLowerCase()
  }
  if (subject.startsWith('https://') && URL.canParse(subject)) return new URL(subject).hostname
  return undefined
}

function isPublicName(host: string): boolean {
  if (isIP(host) !== 0 || host.startsWith('[')) return false
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*$/.test(host)) return false
  return !PRIVATE_SUFFIXES.some((suffix) => host === suffix || host.endsWith(`.${suffix}`))
}
