import { generateVapidKeys } from '@belfry/web-push'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserKeys, newEndpoint, subscriptionAt } from '../support/browser-keys.ts'
import { testClock } from '../support/test-clock.ts'
import {
  at,
  listAt,
  refusal,
  startTestServer,
  type TestPerson,
  type TestServer,
} from '../support/test-server.ts'

const clock = testClock()
const previous = generateVapidKeys()
let server: TestServer
let ana: TestPerson

beforeAll(async () => {
  server = await startTestServer({
    now: clock.now,
    environment: { VAPID_PREVIOUS_KEYS: `${previous.publicKey}:${previous.privateKey}` },
  })
  ana = await server.person('ana')
})
afterAll(() => server.close())

const register = (body: unknown, person = ana) =>
  person.ask('POST', '/api/push-subscriptions', body)
const list = async (person = ana) =>
  listAt((await person.ask('GET', '/api/push-subscriptions')).body, 'subscriptions')

test('the key to subscribe with is public, and never cached', async () => {
  const answer = await server.ask({ method: 'GET', path: '/api/push/config' })
  expect(answer.status).toBe(200)
  expect(Buffer.from(String(at(answer.body, 'vapidPublicKey')), 'base64url')).toHaveLength(65)
  expect(at(answer.body, 'ringTimeoutSeconds')).toBe(30)
  expect(at(answer.body, 'serverTime')).toBe(new Date(clock.now()).toISOString())
  expect(answer.headers.get('cache-control')).toBe('no-store')
})

test('a browser’s subscription is registered, once; its answer shows neither keys nor endpoint', async () => {
  const endpoint = newEndpoint()
  const subscription = subscriptionAt(endpoint)
  const first = await register({ ...subscription, deviceId: 'd-1', deviceName: 'Desk' })
  expect(first.status).toBe(201)
  expect(first.body).toEqual({
    id: expect.any(String),
    kind: 'web-push',
    deviceName: 'Desk',
    deviceId: 'd-1',
    host: 'updates.push.services.mozilla.com',
    createdAt: new Date(clock.now()).toISOString(),
    lastSeenAt: new Date(clock.now()).toISOString(),
    lastAcceptedAt: null,
    lastShownAt: null,
    lastError: null,
    renewToken: expect.any(String),
  })
  clock.advance(1000)
  const again = await register({ ...subscription, deviceId: 'd-1' })
  expect(again.status).toBe(200)
  expect(again.body).toEqual({
    ...Object(first.body),
    lastSeenAt: new Date(clock.now()).toISOString(),
  })
  const shown = [first.text, again.text, JSON.stringify(await list())].join()
  for (const secret of [
    endpoint,
    endpoint.slice(-18),
    subscription.keys.p256dh,
    subscription.keys.auth,
  ])
    expect(shown).not.toContain(secret)
})

test('the flat form is the same subscription, also when it is written differently', async () => {
  const endpoint = newEndpoint()
  const keys = browserKeys()
  const nested = await register(subscriptionAt(endpoint, keys))
  const flat = await register({
    endpoint: endpoint.replace('https://', 'HTTPS://').replace('.com/', '.com:443/'),
    p256dh: Buffer.from(keys.p256dh, 'base64url').toString('base64'),
    auth: Buffer.from(keys.auth, 'base64url').toString('base64'),
  })
  expect([flat.status, at(flat.body, 'id')]).toEqual([200, at(nested.body, 'id')])
})

test('a device without a name is called after its browser', async () => {
  const answer = await server.ask({
    method: 'POST',
    path: '/api/push-subscriptions',
    body: subscriptionAt(newEndpoint()),
    headers: {
      authorization: `Bearer ${ana.token}`,
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    },
  })
  expect(at(answer.body, 'deviceName')).toBe('Firefox, Linux')
})

test.each<[code: string, change: object]>([
  ['ENDPOINT_NOT_HTTPS', { endpoint: 'http://updates.push.services.mozilla.com/wpush/v2/a' }],
  ['ENDPOINT_NOT_HTTPS', { endpoint: 'javascript:alert(1)' }],
  ['ENDPOINT_NOT_HTTPS', { endpoint: 'file:///etc/passwd' }],
  ['ENDPOINT_INVALID', { endpoint: 'not a url' }],
  ['ENDPOINT_MISSING', { endpoint: '' }],
  ['ENDPOINT_TOO_LONG', { endpoint: `https://fcm.googleapis.com/${'a'.repeat(2048)}` }],
  ['ENDPOINT_HAS_CREDENTIALS', { endpoint: 'https://ana:pw@fcm.googleapis.com/fcm/send/a' }],
  ['ENDPOINT_HAS_FRAGMENT', { endpoint: 'https://fcm.googleapis.com/fcm/send/a#b' }],
  ['ENDPOINT_PORT_FORBIDDEN', { endpoint: 'https://fcm.googleapis.com:8443/fcm/send/a' }],
  ['ENDPOINT_HOST_IS_ADDRESS', { endpoint: 'https://127.0.0.1/push' }],
  ['ENDPOINT_HOST_IS_ADDRESS', { endpoint: 'https://[::1]/push' }],
  ['ENDPOINT_HOST_IS_ADDRESS', { endpoint: 'https://[::ffff:10.0.0.1]/push' }],
  ['ENDPOINT_HOST_IS_ADDRESS', { endpoint: 'https://169.254.169.254/latest/meta-data' }],
  ['ENDPOINT_HOST_IS_ADDRESS', { endpoint: 'https://2130706433/push' }],
  ['ENDPOINT_HOST_IS_ADDRESS', { endpoint: 'https://0x7f.1/push' }],
  ['ENDPOINT_HOST_IS_ADDRESS', { endpoint: 'https://0177.0.0.1/push' }],
  ['ENDPOINT_HOST_IS_ADDRESS', { endpoint: 'https://１２７.0.0.1/push' }],
  ['ENDPOINT_HOST_INVALID', { endpoint: 'https://localhost/push' }],
  ['ENDPOINT_HOST_INVALID', { endpoint: 'https://fcm.googleapis.com./fcm/send/a' }],
  ['ENDPOINT_HOST_FORBIDDEN', { endpoint: 'https://evil.example/push' }],
  ['ENDPOINT_HOST_FORBIDDEN', { endpoint: 'https://fcm.googleapis.com.evil.example/push' }],
  ['ENDPOINT_HOST_FORBIDDEN', { endpoint: 'https://push.internal/push' }],
  ['P256DH_MISSING', { keys: { p256dh: '', auth: browserKeys().auth } }],
  ['P256DH_ENCODING', { keys: { p256dh: '§§§', auth: browserKeys().auth } }],
  ['P256DH_LENGTH', { keys: { p256dh: 'BAAA', auth: browserKeys().auth } }],
  ['P256DH_LENGTH', { keys: { p256dh: 'B'.repeat(5000), auth: browserKeys().auth } }],
  [
    'P256DH_NOT_ON_CURVE',
    { keys: { p256dh: Buffer.alloc(65, 4).toString('base64url'), auth: browserKeys().auth } },
  ],
  [
    'P256DH_NOT_ON_CURVE',
    { keys: { p256dh: Buffer.alloc(65).toString('base64url'), auth: browserKeys().auth } },
  ],
  ['AUTH_MISSING', { keys: { p256dh: browserKeys().p256dh, auth: '' } }],
  ['AUTH_ENCODING', { keys: { p256dh: browserKeys().p256dh, auth: '???' } }],
  ['AUTH_LENGTH', { keys: { p256dh: browserKeys().p256dh, auth: 'AAAA' } }],
  ['EXPIRATION_TIME_INVALID', { expirationTime: -1 }],
  ['VAPID_KEY_UNKNOWN', { applicationServerKey: generateVapidKeys().publicKey }],
  ['VAPID_KEY_UNKNOWN', { applicationServerKey: '' }],
])('422 %s for %j, also at a renewal', async (code, change) => {
  const given = { ...subscriptionAt(newEndpoint()), ...change }
  const registered = await register(given)
  expect(refusal(registered)).toEqual([422, code])
  expect(at(registered.body, 'type')).toBe(`/docs/errors#${code.toLowerCase()}`)

  const mine = newEndpoint()
  await register(subscriptionAt(mine))
  const { applicationServerKey, ...subscription } = { applicationServerKey: undefined, ...given }
  const renewal = { oldEndpoint: mine, subscription, applicationServerKey }
  const renewed = await ana.ask('POST', '/api/push-subscriptions/renew', renewal)
  expect(refusal(renewed)).toEqual([422, code])
})

test('a subscription made with the key before the current one is taken, whatever its base64', async () => {
  const standard = Buffer.from(previous.publicKey, 'base64url').toString('base64')
  for (const applicationServerKey of [previous.publicKey, standard]) {
    const answer = await register({ ...subscriptionAt(newEndpoint()), applicationServerKey })
    expect(answer.status).toBe(201)
  }
})

test.each([
  [{ endpoint: 7, keys: browserKeys() }],
  [{ endpoint: newEndpoint() }],
  [{ endpoint: newEndpoint(), keys: { p256dh: { $gt: '' }, auth: '' } }],
  [[]],
  [null],
  ['text'],
  [{ ...subscriptionAt(newEndpoint()), deviceName: 'a\r\nSet-Cookie: x' }],
  [{ ...subscriptionAt(newEndpoint()), deviceId: '' }],
])('400 for a body of another shape: %j', async (body) => {
  expect(refusal(await register(body))).toEqual([400, 'INVALID_REQUEST'])
})

test('what the page does not know may be null, and what is wrong is named by its own name', async () => {
  const given = { deviceName: null, deviceId: null, applicationServerKey: null }
  const taken = await register({ ...subscriptionAt(newEndpoint()), ...given })
  expect([taken.status, at(taken.body, 'deviceId')]).toEqual([201, null])
  for (const field of ['deviceName', 'deviceId', 'applicationServerKey']) {
    const refused = await register({ ...subscriptionAt(newEndpoint()), [field]: 7 })
    expect(listAt(refused.body, 'errors').map((each) => at(each, 'path'))).toEqual([`/${field}`])
  }
})

test('the twenty-first device replaces the one longest unseen', async () => {
  const many = await server.person('many')
  const ids: string[] = []
  const first = subscriptionAt(newEndpoint())
  for (let each = 0; each < 20; each += 1) {
    clock.advance(1000)
    const answer = await register(each === 0 ? first : subscriptionAt(newEndpoint()), many)
    ids.push(String(at(answer.body, 'id')))
  }
  clock.advance(1000)
  await register(first, many) // Seen again: the second is now the one longest unseen.
  clock.advance(1000)
  const last = await register(subscriptionAt(newEndpoint()), many)
  const left = (await list(many)).map((device) => at(device, 'id'))
  expect(left).toEqual([ids[0], ...ids.slice(2), at(last.body, 'id')])
})

test('the same browser profile keeps one device when its endpoint changes', async () => {
  const one = await server.person('one')
  const before = await register({ ...subscriptionAt(newEndpoint()), deviceId: 'profile' }, one)
  const after = await register({ ...subscriptionAt(newEndpoint()), deviceId: 'profile' }, one)
  expect([after.status, at(after.body, 'id')]).toEqual([200, at(before.body, 'id')])
  expect(await list(one)).toHaveLength(1)
})

test('a device is renamed by its owner alone', async () => {
  const { id } = await ana.subscribe()
  const eve = await server.person('eve')
  const path = `/api/push-subscriptions/${id}`
  const renamed = await ana.ask('PATCH', path, { deviceName: 'Kitchen' })
  expect([renamed.status, at(renamed.body, 'deviceName')]).toEqual([200, 'Kitchen'])
  expect(refusal(await eve.ask('PATCH', path, { deviceName: 'Mine' }))).toEqual([
    404,
    'SUBSCRIPTION_NOT_FOUND',
  ])
  expect(refusal(await eve.askRaw('PATCH', path, '{'))).toEqual([404, 'SUBSCRIPTION_NOT_FOUND'])
  expect(refusal(await ana.askRaw('PATCH', path, '{'))).toEqual([400, 'INVALID_JSON'])
  expect(refusal(await ana.ask('PATCH', path, { deviceName: '' }))).toEqual([
    400,
    'INVALID_REQUEST',
  ])
})

test('a device is forgotten by its owner alone; who else asks is told so before any complaint', async () => {
  const { id } = await ana.subscribe()
  const dan = await server.person('dan')
  const path = `/api/push-subscriptions/${id}`
  for (const ask of [
    dan.ask('DELETE', path),
    dan.askRaw('DELETE', path, '{'),
    ana.askRaw('DELETE', '/api/push-subscriptions/none', '{'),
  ])
    expect(refusal(await ask)).toEqual([404, 'SUBSCRIPTION_NOT_FOUND'])
  expect((await ana.ask('DELETE', path)).status).toBe(204)
})

test('a test notification arrives at once and says what the push service answered, device by device', async () => {
  const tester = await server.person('tester')
  const phone = await tester.subscribe()
  const desk = await tester.subscribe()
  const gone = await tester.subscribe()
  gone.browser.unsubscribe()
  const arrived = Promise.all([phone.browser.next(), desk.browser.next()])

  const answer = await tester.ask('POST', '/api/push-subscriptions/test')
  expect(answer.status).toBe(200)
  const host = server.push.endpointHost
  expect(listAt(answer.body, 'results')).toEqual([
    { id: phone.id, outcome: 'accepted', status: 201, host },
    { id: desk.id, outcome: 'accepted', status: 201, host },
    { id: gone.id, outcome: 'gone', status: 410, host, hint: expect.any(String) },
  ])
  for (const { json } of await arrived)
    expect(at(json, 'notification', 'data', 'type')).toBe('test')
  const left = await list(tester)
  expect(left.map((device) => at(device, 'id'))).toEqual([phone.id, desk.id])
  expect(at(left[0], 'lastAcceptedAt')).toBe(new Date(clock.now()).toISOString())
})

test('a test goes to one device when asked so, and never to another person’s', async () => {
  const eve = await server.person('eve-tests')
  const { id, browser } = await ana.subscribe()
  const arrived = browser.next()
  const own = await ana.ask('POST', '/api/push-subscriptions/test', { id, kind: 'call' })
  expect(listAt(own.body, 'results').map((each) => at(each, 'id'))).toEqual([id])
  await arrived
  expect(refusal(await eve.ask('POST', '/api/push-subscriptions/test', { id }))).toEqual([
    404,
    'SUBSCRIPTION_NOT_FOUND',
  ])
  expect((await eve.ask('POST', '/api/push-subscriptions/test')).body).toEqual({ results: [] })
})
