import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { outcomeOf } from './outcome-of.ts'
import { retryAfterMs } from './retry-after.ts'

const NOW = Date.UTC(2026, 10, 21, 10)
const FCM = 'https://fcm.googleapis.com/fcm/send/x'
const MOZILLA = 'https://updates.push.services.mozilla.com/wpush/v2/x'
const APPLE = 'https://web.push.apple.com/x'
const WINDOWS = 'https://wns2-par02p.notify.windows.com/w/?token=x'

const answer = (
  url: string,
  status: number,
  rest: { text?: string; headers?: Record<string, string> } = {},
) =>
  outcomeOf({
    url: new URL(url),
    status,
    text: rest.text ?? '',
    headers: rest.headers ?? {},
    nowMs: NOW,
  })

const autopush = (code: number, errno: number, message: string) => ({
  text: JSON.stringify({ code, errno, error: '', message, more_info: '' }),
})

const reason = (name: string) => ({ text: JSON.stringify({ reason: name }) })

test.each([200, 201, 202, 204])('%i is accepted, and that is not shown', (status) => {
  expect(answer(FCM, status)).toEqual({ kind: 'accepted', status })
})

test('an accepted push can be withdrawn by its absolute location, and named by its id', () => {
  expect(answer(MOZILLA, 201, { headers: { location: '/m/abc' } })).toEqual({
    kind: 'accepted',
    status: 201,
    location: 'https://updates.push.services.mozilla.com/m/abc',
  })
  expect(answer(APPLE, 201, { headers: { 'apns-id': 'A-1' } })).toMatchObject({
    serviceMessageId: 'A-1',
  })
  expect(answer(WINDOWS, 201, { headers: { 'x-wns-msg-id': 'W-1' } })).toMatchObject({
    serviceMessageId: 'W-1',
  })
  expect(answer(MOZILLA, 201, { headers: { location: 'http://' } })).toEqual({
    kind: 'accepted',
    status: 201,
  })
})

test.each([
  [
    FCM,
    404,
    { text: 'A valid push subscription endpoint should be specified' },
    'unknown_endpoint',
  ],
  [MOZILLA, 404, {}, 'unknown_endpoint'],
  [MOZILLA, 410, autopush(410, 106, 'No such subscription'), 'unsubscribed'],
  [FCM, 410, { text: 'push subscription has unsubscribed or expired.' }, 'unsubscribed'],
  [APPLE, 410, reason('Unregistered'), 'unsubscribed'],
])('%s answering %i forgets the device', (...[url, status, body, why]) => {
  expect(answer(url, status, body)).toEqual({ kind: 'gone', status, reason: why })
})

const WRONG_KEY =
  'the VAPID credentials in the authorization header do not correspond to the credentials used to create the subscriptions.'

test.each([
  [APPLE, 400, reason('VapidPkHashMismatch'), 'key_mismatch'],
  [APPLE, 403, reason('VapidPkHashMismatch'), 'key_mismatch'],
  [FCM, 400, { text: '<HTML>UnauthorizedRegistration</HTML>' }, 'key_mismatch'],
  [FCM, 403, { text: WRONG_KEY }, 'key_mismatch'],
  [MOZILLA, 401, autopush(401, 109, 'VAPID public key mismatch'), 'key_mismatch'],
  [WINDOWS, 401, {}, 'key_mismatch'],
  [MOZILLA, 401, autopush(401, 109, 'Invalid VAPID audience'), 'unauthorized'],
  [MOZILLA, 401, autopush(401, 109, 'The VAPID token expiration is too long'), 'unauthorized'],
  [FCM, 401, {}, 'unauthorized'],
  [APPLE, 403, reason('BadJwtToken'), 'unauthorized'],
  [APPLE, 400, reason('BadVapidPublicKey'), 'unauthorized'],
  [FCM, 403, { text: 'MismatchSenderId' }, 'forbidden'],
  [FCM, 403, { text: 'invalid push subscription endpoint' }, 'forbidden'],
  [MOZILLA, 413, autopush(413, 104, 'Request payload too large'), 'payload_too_large'],
  [APPLE, 413, reason('PayloadTooLarge'), 'payload_too_large'],
  [APPLE, 400, reason('PayloadTooLarge'), 'payload_too_large'],
  [MOZILLA, 400, autopush(400, 111, 'Missing TTL value'), 'bad_request'],
  [APPLE, 405, {}, 'bad_request'],
  [FCM, 418, {}, 'bad_request'],
  [WINDOWS, 200, { headers: { 'x-wns-notificationstatus': 'dropped' } }, 'dropped_by_service'],
])('%s answering %i %j is rejected: %s', (...[url, status, rest, why]) => {
  expect(answer(url, status, rest)).toMatchObject({ kind: 'rejected', status, reason: why })
})

test.each([
  [APPLE, reason('BadTtl'), 'TTL'],
  [MOZILLA, autopush(400, 114, 'Invalid TTL'), 'TTL'],
  [WINDOWS, { text: 'Ttl value conflicts with X-WNS-Cache-Policy' }, 'TTL'],
  [APPLE, reason('BadWebPushTopic'), 'Topic'],
  [MOZILLA, autopush(400, 113, 'Invalid Topic'), 'Topic'],
  [APPLE, reason('BadUrgency'), 'Urgency'],
  [MOZILLA, autopush(400, 110, 'Unknown Content-Encoding'), 'report'],
])('a 400 of %s %j tells which header to mend: %s', (url, body, word) => {
  const outcome = answer(url, 400, body)
  expect(outcome).toMatchObject({ kind: 'rejected', reason: 'bad_request' })
  expect(outcome.kind === 'rejected' && outcome.hint).toContain(word)
})

test.each([
  [FCM, 429, 'rate_limited'],
  [WINDOWS, 406, 'rate_limited'],
  [MOZILLA, 500, 'server_error'],
  [MOZILLA, 502, 'server_error'],
  [MOZILLA, 503, 'server_error'],
  [FCM, 504, 'server_error'],
  [FCM, 599, 'server_error'],
  [FCM, 408, 'server_error'],
  [FCM, 301, 'redirected'],
  [FCM, 307, 'redirected'],
])('%s answering %i is tried again later: %s', (url, status, why) => {
  expect(answer(url, status)).toEqual({ kind: 'retry', status, reason: why, ambiguous: false })
})

test('what Windows throttles is tried again, whatever its status', () => {
  const headers = { 'x-wns-status': 'appthrottled', 'retry-after': '900' }
  for (const status of [200, 406, 429]) {
    expect(answer(WINDOWS, status, { headers })).toMatchObject({
      kind: 'retry',
      reason: 'rate_limited',
      retryAfterMs: 900_000,
    })
  }
})

test("Mozilla's 503 says when: after Retry-After, or at once for errno 202", () => {
  const backOff = {
    ...autopush(503, 201, 'Use exponential back-off'),
    headers: { 'retry-after': '120' },
  }
  expect(answer(MOZILLA, 503, backOff)).toMatchObject({ retryAfterMs: 120_000 })
  expect(
    answer(MOZILLA, 503, { ...autopush(503, 202, 'Retry'), headers: { 'retry-after': '120' } }),
  ).toMatchObject({ retryAfterMs: 0 })
})

test('every status that a server could send has an outcome, and every rejection a hint of one sentence', () => {
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 999 }), fc.string(), (status, text) => {
      const outcome = answer(FCM, status, { text })
      if (outcome.kind === 'rejected') expect(outcome.hint).toMatch(/^[A-Z].*[^.]\.$/)
      else expect(outcome.status).toBe(status)
    }),
  )
})

const DAY = 86_400_000

test.each([
  [undefined, undefined],
  ['120', 120_000],
  [' 5 ', 5000],
  ['0', 0],
  ['-5', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['', undefined],
  ['0x10', undefined],
  ['315360000', DAY],
  ['9'.repeat(400), DAY],
  ['Sat, 21 Nov 2026 10:01:00 GMT', 60_000],
  ['Saturday, 21-Nov-26 10:01:00 GMT', 60_000],
  ['Sat Nov 21 10:01:00 2026 GMT', 60_000],
  ['Sat, 21 Nov 2026 09:59:00 GMT', undefined],
  ['Thu, 21 Nov 2036 10:00:00 GMT', DAY],
  ['Sat, 99 Foo 2026', undefined],
  ['2026-11-21T10:01:00Z', undefined],
])('Retry-After: %s waits %s ms', (value, wait) => {
  expect(retryAfterMs(value, NOW)).toBe(wait)
})
