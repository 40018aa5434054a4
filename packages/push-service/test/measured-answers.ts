import { createSender } from './sender.ts'

/*
 * What Mozilla's autopush 1.83.1 answers, row by row, over real sockets. A row changes one thing
 * about a good push: `headers` (null takes one away), `body`, `claims` (undefined takes one away).
 */

export const now = Date.UTC(2026, 10, 21, 10, 0, 0)
export const nowSeconds = now / 1000
const day = 24 * 60 * 60
export const ours = createSender()
export const theirs = createSender()

export interface Row {
  readonly when: string
  readonly to?: 'live' | 'gone' | 'open' | 'spoilt' | 'wrong-version' | 'nowhere'
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | null>>
  readonly body?: string | number
  readonly claims?: Readonly<Record<string, unknown>>
  readonly sender?: 'ours' | 'theirs'
  /** How the token and key are put into headers, when not as `vapid t=…, k=…`. */
  readonly authorize?: (token: string, key: string) => Record<string, string>
  readonly status: number
  readonly errno?: number
  readonly message?: string
  readonly answerHeaders?: Readonly<Record<string, string>>
}

const accepted = { status: 201 }
const unauthorized = { status: 401, errno: 109, answerHeaders: { connection: 'close' } }
const badEncryption = { status: 400, errno: 110 }
const noTtl = { status: 400, errno: 111, message: 'Missing TTL value' }
const badTopic = { status: 400, errno: 113 }
const notFound = { status: 404, answerHeaders: { connection: 'close' } }
const gone = { status: 410, errno: 106, answerHeaders: { 'cache-control': 'max-age=86400' } }
const standard = (key: string) => Buffer.from(key, 'base64url').toString('base64')

export const rows: readonly Row[] = [
  { when: 'a good push', ...accepted, answerHeaders: { ttl: '60' } },
  { when: 'no body', body: 0, headers: { 'content-encoding': null }, ...accepted },
  { when: 'TTL 0', headers: { ttl: '0' }, ...accepted, answerHeaders: { ttl: '0' } },
  { when: 'an urgency that does not exist', headers: { urgency: 'nonsense' }, ...accepted },
  { when: 'Prefer: respond-async', headers: { prefer: 'respond-async' }, ...accepted },
  { when: 'a Topic of 32 characters', headers: { topic: 'a'.repeat(32) }, ...accepted },
  { when: 'noise as ciphertext', body: 'noise', ...accepted },
  { when: 'a body of 4096 bytes', body: 4096, ...accepted },
  {
    when: 'a correct aesgcm push',
    headers: { 'content-encoding': 'aesgcm', encryption: 'salt=abc', 'crypto-key': 'dh=abc' },
    ...accepted,
  },

  { when: 'no TTL', headers: { ttl: null }, ...noTtl },
  { when: 'an empty TTL', headers: { ttl: '' }, ...noTtl },
  { when: 'TTL abc', headers: { ttl: 'abc' }, ...noTtl },
  { when: 'TTL 1.5', headers: { ttl: '1.5' }, ...noTtl },
  { when: 'TTL -1', headers: { ttl: '-1' }, status: 400, errno: 114 },
  {
    when: 'a TTL above 30 days',
    headers: { ttl: '2592001' },
    ...accepted,
    answerHeaders: { ttl: '2592000' },
  },

  { when: 'a Topic of 33 characters', headers: { topic: 'a'.repeat(33) }, ...badTopic },
  { when: 'a Topic with bad characters', headers: { topic: 'a b' }, ...badTopic },
  { when: 'an empty Topic', headers: { topic: '' }, ...badTopic },

  {
    when: 'a body without Content-Encoding',
    headers: { 'content-encoding': null },
    ...badEncryption,
  },
  { when: 'an unknown encoding', headers: { 'content-encoding': 'gzip' }, ...badEncryption },
  { when: 'AES128GCM in capitals', headers: { 'content-encoding': 'AES128GCM' }, ...badEncryption },
  { when: 'a salt header beside aes128gcm', headers: { encryption: 'salt=abc' }, ...badEncryption },
  { when: 'a dh header beside aes128gcm', headers: { 'crypto-key': 'dh=abc' }, ...badEncryption },
  { when: 'aesgcm without salt', headers: { 'content-encoding': 'aesgcm' }, ...badEncryption },

  { when: 'a body of 4097 bytes', body: 4097, status: 413, errno: 104 },
  { when: 'a body of 300 kB', body: 300_000, status: 413, errno: 104 },

  {
    when: 'no VAPID',
    headers: { authorization: null },
    ...unauthorized,
    message: 'Missing VAPID public key',
  },
  {
    when: 'no VAPID to an endpoint made without a key',
    to: 'open',
    headers: { authorization: null },
    ...accepted,
  },
  {
    when: 'a bad token to an endpoint made without a key',
    to: 'open',
    claims: { exp: 1 },
    ...unauthorized,
  },
  {
    when: 'another VAPID key',
    sender: 'theirs',
    ...unauthorized,
    message: 'VAPID public key mismatch',
  },
  {
    when: 'our key with the signature of another',
    authorize: (token) => ({
      authorization: `vapid t=${token.slice(0, token.lastIndexOf('.'))}.${'A'.repeat(86)}, k=${ours.publicKey}`,
    }),
    ...unauthorized,
  },
  {
    when: 'a token that is none',
    authorize: (_, k) => ({ authorization: `vapid t=abc, k=${k}` }),
    ...unauthorized,
  },
  {
    when: 'a token without k',
    authorize: (t) => ({ authorization: `vapid t=${t}` }),
    ...unauthorized,
  },
  {
    when: 'a key without t',
    authorize: (_, k) => ({ authorization: `vapid k=${k}` }),
    ...unauthorized,
  },
  {
    when: 'a scheme of its own',
    authorize: () => ({ authorization: 'Basic abc' }),
    ...unauthorized,
  },
  { when: 'exp 30 s ago', claims: { exp: nowSeconds - 30 }, ...accepted },
  { when: 'exp 90 s ago', claims: { exp: nowSeconds - 90 }, ...unauthorized },
  { when: 'exp 24 h ahead', claims: { exp: nowSeconds + day }, ...accepted },
  {
    when: 'exp 24 h and 5 s ahead',
    claims: { exp: nowSeconds + day + 5 },
    ...unauthorized,
    message: 'The VAPID token expiration is too long',
  },
  { when: 'exp as a string', claims: { exp: String(nowSeconds + 60) }, ...unauthorized },
  { when: 'a fractional exp', claims: { exp: nowSeconds + 60.5 }, ...unauthorized },
  { when: 'no exp', claims: { exp: undefined }, ...unauthorized },
  { when: 'aud as a list', claims: { aud: ['http://127.0.0.1'] }, ...unauthorized },
  { when: 'no aud', claims: { aud: undefined }, ...unauthorized },
  {
    when: 'another aud',
    claims: { aud: 'https://elsewhere.example' },
    ...unauthorized,
    message: 'Invalid VAPID audience',
  },
  { when: 'aud with a path', claims: { aud: 'ORIGIN/wpush' }, ...unauthorized },
  { when: 'aud with a trailing slash', claims: { aud: 'ORIGIN/' }, ...unauthorized },
  { when: 'aud in upper case', claims: { aud: 'HTTP' }, ...unauthorized },
  { when: 'no sub', claims: { sub: undefined }, ...accepted },
  { when: 'an empty sub', claims: { sub: '' }, ...accepted },
  { when: 'a sub that is no URI', claims: { sub: 'somebody' }, ...accepted },
  { when: 'sub null', claims: { sub: null }, ...unauthorized },
  { when: 'nbf in the future', claims: { nbf: nowSeconds + 1000 }, ...accepted },
  {
    when: 'k padded',
    authorize: (t, k) => ({ authorization: `vapid t=${t}, k=${k}=` }),
    ...accepted,
  },
  {
    when: 'k in standard base64',
    authorize: (t, k) => ({ authorization: `vapid t=${t}, k=${standard(k)}` }),
    ...accepted,
  },
  {
    when: 'k before t',
    authorize: (t, k) => ({ authorization: `vapid k=${k}, t=${t}` }),
    ...accepted,
  },
  {
    when: 'VAPID in upper case',
    authorize: (t, k) => ({ authorization: `VAPID t=${t}, k=${k}` }),
    ...accepted,
  },
  {
    when: 'legacy WebPush with p256ecdsa',
    authorize: (t, k) => ({ authorization: `WebPush ${t}`, 'crypto-key': `p256ecdsa=${k}` }),
    ...accepted,
  },
  {
    when: 'legacy WebPush without a key',
    authorize: (t) => ({ authorization: `WebPush ${t}` }),
    ...badEncryption,
  },

  { when: 'a spoilt token', to: 'spoilt', ...notFound },
  { when: 'a wrong version', to: 'wrong-version', ...notFound },
  { when: 'an unknown path', to: 'nowhere', ...notFound },
  { when: 'an unsubscribed endpoint', to: 'gone', ...gone },
  { when: 'GET on an endpoint', method: 'GET', status: 405, answerHeaders: { allow: 'POST' } },
  { when: 'PUT on an endpoint', method: 'PUT', status: 405, answerHeaders: { allow: 'POST' } },
  {
    when: 'DELETE on an endpoint',
    method: 'DELETE',
    status: 405,
    answerHeaders: { allow: 'POST' },
  },

  // The order of checks: two things wrong, the earlier one is answered.
  {
    when: 'order: spoilt token, no VAPID',
    to: 'spoilt',
    headers: { authorization: null },
    ...notFound,
  },
  { when: 'order: gone, wrong key', to: 'gone', sender: 'theirs', ...unauthorized },
  { when: 'order: gone, too large', to: 'gone', body: 4097, ...gone },
  {
    when: 'order: too large, no encoding',
    body: 4097,
    headers: { 'content-encoding': null },
    status: 413,
    errno: 104,
  },
  {
    when: 'order: no encoding, no TTL',
    headers: { 'content-encoding': null, ttl: null },
    ...badEncryption,
  },
  { when: 'order: no TTL, bad Topic', headers: { ttl: null, topic: 'a b' }, ...noTtl },
]
