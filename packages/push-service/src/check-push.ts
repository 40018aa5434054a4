import type { AnswerName } from './answers.ts'
import { checkVapid } from './check-vapid.ts'
import { headerParameter } from './header-parameter.ts'

/** RFC 8030 section 7.2 lets a service refuse what is larger; Mozilla documents exactly this. */
const largestBodyBytes = 4096
/** 30 days; a longer TTL is cut, not refused. */
const longestTtlSeconds = 2_592_000

/** A POST to an endpoint whose token is known. */
export interface PushCheck {
  readonly headers: Readonly<Record<string, string>>
  readonly bodyBytes: number
  /** SHA-256 (hex) of the key that the endpoint is bound to. */
  readonly keyHash: string | undefined
  /** False once the page has unsubscribed or the browser was forgotten. */
  readonly subscribed: boolean
  readonly audience: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

export type PushVerdict =
  | { readonly refusal: AnswerName }
  | { readonly ttlSeconds: number; readonly topic: string | undefined }

/**
 * The rules of Mozilla's service in its order: 401, then 410, 413, 400 for encryption, TTL, Topic.
 * So a subscription that is gone, asked with a wrong key, answers 401.
 * `Urgency` and `Prefer` are ignored, whatever they say; the ciphertext is not looked into.
 */
export function checkPush(check: PushCheck): PushVerdict {
  const { headers } = check
  const refusal =
    checkVapid({
      authorization: headers['authorization'],
      cryptoKey: headers['crypto-key'],
      keyHash: check.keyHash,
      audience: check.audience,
      now: check.now,
    }) ??
    (check.subscribed ? undefined : 'gone') ??
    (check.bodyBytes > largestBodyBytes ? 'too-large' : undefined) ??
    (check.bodyBytes > 0 ? checkEncryption(headers) : undefined)
  if (refusal !== undefined) return { refusal }
  const ttl = headers['ttl'] ?? ''
  if (!/^[+-]?\d+$/.test(ttl)) return { refusal: 'ttl-missing' }
  if (Number(ttl) < 0) return { refusal: 'ttl-negative' }
  const topic = headers['topic']
  if (topic !== undefined && topic.length > 32) return { refusal: 'topic-too-long' }
  if (topic !== undefined && !/^[\w-]+=*$/.test(topic)) return { refusal: 'topic-alphabet' }
  return { ttlSeconds: Math.min(Math.abs(Number(ttl)), longestTtlSeconds), topic }
}

function checkEncryption(headers: Readonly<Record<string, string>>): AnswerName | undefined {
  const encoding = headers['content-encoding']
  if (encoding === undefined) return 'encoding-missing'
  const salt = headerParameter(headers['encryption'] ?? '', 'salt')
  const cryptoKey = headers['crypto-key']
  const dh = headerParameter(cryptoKey ?? '', 'dh')
  if (encoding === 'aes128gcm') {
    if (salt !== undefined) return 'salt-forbidden'
    return dh === undefined ? undefined : 'dh-forbidden'
  }
  // The draft that preceded RFC 8291: its keys travel in headers.
  if (encoding === 'aesgcm') {
    if (salt === undefined) return 'salt-missing'
    if (headers['encryption-key'] !== undefined) return 'encryption-key-forbidden'
    return cryptoKey !== undefined && dh === undefined ? 'dh-missing' : undefined
  }
  return 'encoding-unknown'
}
