import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { generateSubscriptionKeys } from '../encryption/generate-subscription-keys.ts'
import { createAllowedHosts } from './allowed-hosts.ts'
import { parseSubscription } from './parse-subscription.ts'

const { p256dh, auth } = generateSubscriptionKeys()
const keys = { p256dh, auth }
const endpoint = 'https://fcm.googleapis.com/fcm/send/abc:def'
const allowedHosts = createAllowedHosts()
const options = { allowedHosts }

const outcome = (input: unknown, hosts = allowedHosts) => {
  const result = parseSubscription(input, { allowedHosts: hosts })
  return result.ok ? result.subscription.endpoint : result.code
}

test("a browser's subscription is taken as toJSON() gives it", () => {
  expect(parseSubscription({ endpoint, expirationTime: null, keys }, options)).toEqual({
    ok: true,
    subscription: { endpoint, host: 'fcm.googleapis.com', p256dh, auth, expirationTime: null },
  })
})

test('the flat form, padding and the other base64 alphabet are taken, and stored in one form', () => {
  const standard = (text: string) => Buffer.from(text, 'base64url').toString('base64')
  const flat = { endpoint, p256dh: standard(p256dh), auth: standard(auth), expirationTime: 1.5e12 }
  expect(parseSubscription(flat, options)).toMatchObject({
    ok: true,
    subscription: { p256dh, auth, expirationTime: 1.5e12 },
  })
})

test.each([
  'https://fcm.googleapis.com/wp/abc',
  'https://jmt17.google.com/fcm/send/abc',
  'https://updates.push.services.mozilla.com/wpush/v2/gAAA',
  'https://autopush.stage.push.services.mozilla.com/wpush/v2/gAAA',
  'https://web.push.apple.com/QGuQ',
  'https://wns2-par02p.notify.windows.com/w/?token=BQYAAA%3d',
  'https://FCM.googleapis.com:443/fcm/send/abc',
])('%s is a push service', (url) => {
  expect(outcome({ endpoint: url, keys })).toBe(new URL(url).href)
})

test.each([
  [undefined, 'ENDPOINT_MISSING'],
  [7, 'ENDPOINT_MISSING'],
  ['', 'ENDPOINT_MISSING'],
  ['fcm.googleapis.com/fcm/send/abc', 'ENDPOINT_INVALID'],
  ['https://', 'ENDPOINT_INVALID'],
  ['https://fcm.googleapis.com:99999/', 'ENDPOINT_INVALID'],
  [`https://fcm.googleapis.com/${'a'.repeat(2048)}`, 'ENDPOINT_TOO_LONG'],
  [`https://fcm.googleapis.com/${'\u00FC'.repeat(700)}`, 'ENDPOINT_TOO_LONG'],
  ['http://fcm.googleapis.com/fcm/send/abc', 'ENDPOINT_NOT_HTTPS'],
  ['javascript:alert(1)', 'ENDPOINT_NOT_HTTPS'],
  ['file:///etc/passwd', 'ENDPOINT_NOT_HTTPS'],
  ['https://user@fcm.googleapis.com/x', 'ENDPOINT_HAS_CREDENTIALS'],
  ['https://fcm.googleapis.com:x@evil.example.com/', 'ENDPOINT_HAS_CREDENTIALS'],
  ['https://fcm.googleapis.com/x#y', 'ENDPOINT_HAS_FRAGMENT'],
  ['https://fcm.googleapis.com/x#', 'ENDPOINT_HAS_FRAGMENT'],
  ['https://127.0.0.1/', 'ENDPOINT_HOST_IS_ADDRESS'],
  ['https://2130706433/', 'ENDPOINT_HOST_IS_ADDRESS'],
  ['https://0x7f.1/', 'ENDPOINT_HOST_IS_ADDRESS'],
  ['https://0177.0.0.1/', 'ENDPOINT_HOST_IS_ADDRESS'],
  ['https://\uFF11\uFF12\uFF17.0.0.1/', 'ENDPOINT_HOST_IS_ADDRESS'],
  ['https://8.8.8.8/', 'ENDPOINT_HOST_IS_ADDRESS'],
  ['https://[::1]/', 'ENDPOINT_HOST_IS_ADDRESS'],
  ['https://[::ffff:10.0.0.1]/', 'ENDPOINT_HOST_IS_ADDRESS'],
  ['https://localhost/', 'ENDPOINT_HOST_INVALID'],
  ['https://fcm.googleapis.com./x', 'ENDPOINT_HOST_INVALID'],
  ['https://fcm.googleapis.com:8443/x', 'ENDPOINT_PORT_FORBIDDEN'],
  ['https://fcm.googleapis.com:80/x', 'ENDPOINT_PORT_FORBIDDEN'],
  ['https://evil.example.com/x', 'ENDPOINT_HOST_FORBIDDEN'],
  ['https://evilfcm.googleapis.com/x', 'ENDPOINT_HOST_FORBIDDEN'],
  ['https://fcm.googleapis.com.evil.example.com/x', 'ENDPOINT_HOST_FORBIDDEN'],
  ['https://push.apple.com/x', 'ENDPOINT_HOST_FORBIDDEN'],
  ['https://evilpush.apple.com/x', 'ENDPOINT_HOST_FORBIDDEN'],
  ['https://android.googleapis.com/gcm/send/x', 'ENDPOINT_HOST_FORBIDDEN'],
])('the endpoint %s is refused: %s', (url, code) => {
  expect(outcome({ endpoint: url, keys })).toBe(code)
})

test('what hides in the text of an endpoint is gone from what is stored', () => {
  expect(outcome({ endpoint: ' https:fcm.goo\tgleapis\u3002com/x\n', keys })).toBe(
    'https://fcm.googleapis.com/x',
  )
})

const offCurve = () => {
  const point = Buffer.from(p256dh, 'base64url')
  point[64] = (point[64] ?? 0) ^ 1
  return point
}

const hybrid = () => {
  const point = Buffer.from(p256dh, 'base64url')
  point[0] = 6 + ((point[64] ?? 0) & 1)
  return point
}

test.each([
  [{ auth }, 'P256DH_MISSING'],
  [{ p256dh: null, auth }, 'P256DH_MISSING'],
  [{ p256dh: '***', auth }, 'P256DH_ENCODING'],
  [{ p256dh: auth, auth }, 'P256DH_LENGTH'],
  [{ p256dh: 'A'.repeat(100_000), auth }, 'P256DH_LENGTH'],
  [{ p256dh: offCurve().toString('base64url'), auth }, 'P256DH_NOT_ON_CURVE'],
  [{ p256dh: hybrid().toString('base64url'), auth }, 'P256DH_NOT_ON_CURVE'],
  [{ p256dh: Buffer.alloc(65).toString('base64url'), auth }, 'P256DH_NOT_ON_CURVE'],
  [{ p256dh }, 'AUTH_MISSING'],
  [{ p256dh, auth: [] }, 'AUTH_MISSING'],
  [{ p256dh, auth: 'A' }, 'AUTH_ENCODING'],
  [{ p256dh, auth: 'AAAA' }, 'AUTH_LENGTH'],
  [{ p256dh, auth: p256dh }, 'AUTH_LENGTH'],
])('keys %# are refused: %s', (wrong, code) => {
  expect(outcome({ endpoint, keys: wrong })).toBe(code)
})

test.each([null, undefined, 'text', 7, [], [endpoint]])('%j is no subscription', (input) => {
  expect(outcome(input)).toBe('SUBSCRIPTION_INVALID')
})

test('an expiration time is null, absent or a time', () => {
  expect(outcome({ endpoint, keys, expirationTime: undefined })).toBe(endpoint)
  for (const expirationTime of ['soon', Number.NaN, -1, {}]) {
    expect(outcome({ endpoint, keys, expirationTime })).toBe('EXPIRATION_TIME_INVALID')
  }
})

test('whatever is sent in is answered, and no refusal repeats the endpoint or a key', () => {
  fc.assert(
    fc.property(
      fc.anything(),
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      (noise, url) => {
        parseSubscription(noise, options)
        const secret = `${url}/secret-path`
        const result = parseSubscription(
          { endpoint: secret, keys: { p256dh: noise, auth: noise } },
          options,
        )
        expect(JSON.stringify(result)).not.toContain('secret-path')
      },
    ),
  )
})

test('an operator may add hosts, and only one with its port may be http or an address', () => {
  const hosts = createAllowedHosts([
    'push.example.net',
    '*.unified.example.org',
    'localhost:8080',
    '127.0.0.1:9000',
    '[::1]:9000',
    'push.example.com:8443',
  ])
  const cases = [
    ['https://push.example.net/x', 'https://push.example.net/x'],
    ['http://push.example.net/x', 'ENDPOINT_NOT_HTTPS'],
    ['https://push.example.net:8443/x', 'ENDPOINT_PORT_FORBIDDEN'],
    ['https://a.unified.example.org/x', 'https://a.unified.example.org/x'],
    ['http://localhost:8080/x', 'http://localhost:8080/x'],
    ['https://localhost:8080/x', 'https://localhost:8080/x'],
    ['http://localhost:8081/x', 'ENDPOINT_NOT_HTTPS'],
    ['ftp://localhost:8080/x', 'ENDPOINT_NOT_HTTPS'],
    ['http://127.0.0.1:9000/x', 'http://127.0.0.1:9000/x'],
    ['http://[::1]:9000/x', 'http://[::1]:9000/x'],
    ['http://127.0.0.1:9001/x', 'ENDPOINT_NOT_HTTPS'],
    ['https://push.example.com:8443/x', 'https://push.example.com:8443/x'],
    ['https://push.example.com/x', 'ENDPOINT_HOST_FORBIDDEN'],
  ]
  for (const [url, expected] of cases)
    expect([url, outcome({ endpoint: url, keys }, hosts)]).toEqual([url, expected])
})

test.each([
  '',
  'localhost',
  '127.0.0.1',
  '[::1]',
  'https://push.example.net',
  'push.example.net/x',
  'a b.example.net',
  'user@push.example.net',
  'push.example.net:0',
  'push.example.net:70000',
  '*.10.0.0.1:80',
])('the allow-list entry %j is refused', (entry) => {
  expect(() => createAllowedHosts([entry])).toThrow(
    expect.objectContaining({ code: 'ALLOWED_HOST_INVALID' }),
  )
})
