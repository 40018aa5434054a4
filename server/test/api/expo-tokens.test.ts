import { afterAll, beforeAll, expect, test } from 'vitest'
import { newEndpoint, subscriptionAt } from '../support/browser-keys.ts'
import { testClock } from '../support/test-clock.ts'
import {
  at,
  listAt,
  refusal,
  startTestServer,
  testPassword,
  type TestPerson,
  type TestServer,
} from '../support/test-server.ts'

const clock = testClock()
const path = '/api/push-subscriptions/expo'
const host = () => new URL(server.expo.url).host
let server: TestServer
let ana: TestPerson
let eve: TestPerson
let tokens = 0
const newToken = () => `ExponentPushToken[token-${(tokens += 1)}]`

beforeAll(async () => {
  server = await startTestServer({ now: clock.now })
  ana = await server.person('ana')
  eve = await server.person('eve')
})
afterAll(() => server.close())

const register = (body: unknown, person = ana) => person.ask('POST', path, body)
const list = async (person: TestPerson) =>
  listAt((await person.ask('GET', '/api/push-subscriptions')).body, 'subscriptions')
const ids = async (person: TestPerson) => (await list(person)).map((device) => at(device, 'id'))

test('a phone is registered, once; its answer does not show the token', async () => {
  const bob = await server.person('bob')
  const token = newToken()
  const phone = {
    token,
    platform: 'android',
    deviceId: 'install',
    deviceName: 'Pixel 9',
    appVersion: '1.0.0',
    projectId: 'project',
  }
  const first = await register(phone, bob)
  expect(first.status).toBe(201)
  expect(first.body).toEqual({
    id: expect.any(String),
    kind: 'expo',
    platform: 'android',
    deviceName: 'Pixel 9',
    deviceId: 'install',
    host: host(),
    createdAt: new Date(clock.now()).toISOString(),
    lastSeenAt: new Date(clock.now()).toISOString(),
    lastAcceptedAt: null,
    lastShownAt: null,
    lastError: null,
  })
  clock.advance(1000)
  const again = await register(phone, bob)
  const seen = { ...Object(first.body), lastSeenAt: new Date(clock.now()).toISOString() }
  expect([again.status, again.body]).toEqual([200, seen])
  expect(await list(bob)).toEqual([seen])
  const shown = [first.text, again.text, JSON.stringify(await list(bob))].join()
  expect(shown).not.toContain(token.slice(-9, -1))
})

test.each([
  'ExponentPushToken[k8Yq2LmN4pRsTuVwXyZ0aB]',
  'ExpoPushToken[k8Yq2LmN4pRsTuVwXyZ0aC]',
  '019ab3c0-0000-7000-8000-00000000000d',
])('%s is a token, and upper and lower case count', async (token) => {
  expect((await register({ token })).status).toBe(201)
  expect((await register({ token })).status).toBe(200)
  expect((await register({ token: token.replace('k8Y', 'K8y') })).status).toBe(
    token.includes('k8Y') ? 201 : 200,
  )
})

test.each([
  '',
  'k8Yq2LmN4pRsTuVwXyZ0aB',
  'ExponentPushToken[]',
  'exponentpushtoken[x]',
  'ExponentPushToken[x] ',
  'ExponentPushToken[x]\n',
  'ExponentPushToken[x][y]',
  'https://exp.host/push',
  `ExponentPushToken[${'x'.repeat(300)}]`,
])('422 for %j, which is no token', async (token) => {
  const answer = await register({ token })
  expect(refusal(answer)).toEqual([422, 'EXPO_TOKEN_INVALID'])
  expect(at(answer.body, 'type')).toBe('/docs/errors#expo_token_invalid')
})

test.each([
  [{}],
  [{ token: 7 }],
  [{ token: newToken(), platform: 'windows' }],
  [{ token: newToken(), deviceId: '' }],
  [{ token: newToken(), deviceName: 'a\r\nb' }],
  [{ token: { $ne: null } }],
  [[]],
])('400 for a body of another shape: %j', async (body) => {
  expect(refusal(await register(body))).toEqual([400, 'INVALID_REQUEST'])
})

test.each([
  ['android', 'Mozilla/5.0 (Linux; Android 16)', 'Android phone'],
  ['ios', 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)', 'iPhone'],
  ['ios', 'Mozilla/5.0 (iPad; CPU OS 19_0 like Mac OS X)', 'iPad'],
  [null, 'Belfry', 'Phone'],
])('on %s a phone without a name is called after what it is: %s', async (platform, agent, name) => {
  const headers = { authorization: `Bearer ${ana.token}`, 'user-agent': agent }
  const body = { token: newToken(), platform, deviceId: null, projectId: null, appVersion: null }
  const answer = await server.ask({ method: 'POST', path, body, headers })
  expect([answer.status, at(answer.body, 'deviceName')]).toEqual([201, name])
  expect(at(answer.body, 'platform')).toBe(platform)
})

test('a new token of the same install replaces the old one in its row; its name is kept, its platform is what it says now', async () => {
  const one = await server.person('one')
  const old = newToken()
  const known = { deviceId: 'install', platform: 'ios', deviceName: 'Ana’s iPhone' }
  const before = await register({ token: old, ...known }, one)
  const after = await register({ token: newToken(), deviceId: 'install' }, one)
  expect([after.status, at(after.body, 'id')]).toEqual([200, at(before.body, 'id')])
  expect(await list(one)).toMatchObject([{ platform: null, deviceName: 'Ana’s iPhone' }])
  expect(refusal(await one.ask('DELETE', path, { token: old }))[0]).toBe(404)
})

test('an install that was made anew keeps its row when its token is still the same', async () => {
  const one = await server.person('reinstaller')
  const token = newToken()
  const before = await register({ token, deviceId: 'first' }, one)
  const after = await register({ token, deviceId: 'second' }, one)
  expect([after.status, at(after.body, 'id')]).toEqual([200, at(before.body, 'id')])
  expect(await list(one)).toMatchObject([{ deviceId: 'second' }])
})

test('two rows that turn out to be one phone become one', async () => {
  const one = await server.person('two-rows')
  const token = newToken()
  const first = await register({ token, deviceId: 'before' }, one)
  await register({ token: newToken(), deviceId: 'after' }, one)
  const merged = await register({ token, deviceId: 'after' }, one)
  expect([merged.status, at(merged.body, 'id')]).toEqual([200, at(first.body, 'id')])
  expect(await list(one)).toMatchObject([{ deviceId: 'after' }])
})

test('forgetting phones never takes a browser', async () => {
  const bob = await server.person('both-kinds')
  const { id } = await bob.subscribe({ deviceId: 'desk' })
  expect((await bob.ask('DELETE', path, { deviceId: 'desk' })).status).toBe(404)
  expect(await ids(bob)).toEqual([id])
})

test('a phone is renamed and removed like any device, and signing out forgets it', async () => {
  const bob = await server.person('phone-owner')
  const phone = { token: newToken(), deviceId: 'install' }
  const byId = async () => `/api/push-subscriptions/${String((await ids(bob))[0])}`
  await register(phone, bob)
  const renamed = await bob.ask('PATCH', await byId(), { deviceName: 'Pocket' })
  expect(renamed.body).toMatchObject({ kind: 'expo', deviceName: 'Pocket', host: host() })
  expect((await eve.ask('DELETE', await byId())).status).toBe(404)
  expect((await bob.ask('DELETE', await byId())).status).toBe(204)

  await register(phone, bob)
  await bob.ask('POST', '/api/auth/logout', { deviceId: 'install' })
  const login = { username: 'phone-owner', password: testPassword }
  const again = await server.ask({ method: 'POST', path: '/api/auth/login', body: login })
  const headers = { authorization: `Bearer ${String(at(again.body, 'token'))}` }
  const left = await server.ask({ method: 'GET', path: '/api/push-subscriptions', headers })
  expect(left.body).toEqual({ subscriptions: [] })
  // Nobody has it now: whoever signs in on it next is its owner.
  expect((await register(phone, eve)).status).toBe(201)
})

test('browsers and phones count together: the twenty-first device replaces the one longest unseen', async () => {
  const many = await server.person('many')
  const before: unknown[] = []
  for (let each = 0; each < 20; each += 1) {
    clock.advance(1000)
    const answer =
      each % 2 === 0
        ? await register({ token: newToken() }, many)
        : await many.ask('POST', '/api/push-subscriptions', subscriptionAt(newEndpoint()))
    before.push(at(answer.body, 'id'))
  }
  clock.advance(1000)
  const last = await register({ token: newToken() }, many)
  expect(await ids(many)).toEqual([...before.slice(1), at(last.body, 'id')])
})

test('a browser and a phone with one device id are one device: the one that registered last', async () => {
  const bob = await server.person('one-id')
  const { id } = await bob.subscribe({ deviceId: 'same' })
  const phone = await register({ token: newToken(), deviceId: 'same' }, bob)
  expect([phone.status, at(phone.body, 'id'), at(phone.body, 'kind')]).toEqual([200, id, 'expo'])
  const web = await bob.subscribe({ deviceId: 'same' })
  expect(web.id).toBe(id)
  expect(await list(bob)).toMatchObject([{ kind: 'web-push' }])
})

test('a test notification reaches phones beside browsers, and a phone that is gone is forgotten', async () => {
  const tester = await server.person('tester')
  const browser = await tester.subscribe()
  const token = server.expo.install({ platform: 'android' })
  const gone = server.expo.install({ platform: 'ios' })
  const phone = await register({ token, platform: 'android' }, tester)
  const dead = await register({ token: gone, platform: 'ios' }, tester)
  server.expo.uninstall(gone)

  const answer = await tester.ask('POST', '/api/push-subscriptions/test', { kind: 'message' })
  const phoneId = at(phone.body, 'id')
  expect(listAt(answer.body, 'results')).toEqual([
    { id: browser.id, outcome: 'accepted', status: 201, host: server.push.endpointHost },
    { id: phoneId, outcome: 'accepted', status: 200, host: host() },
    {
      id: at(dead.body, 'id'),
      outcome: 'gone',
      status: 200,
      host: host(),
      hint: expect.stringContaining('phone'),
    },
  ])
  expect(server.expo.phone(token).visible).toMatchObject([
    { identifier: 'test', channelId: 'messages_v1', body: 'Notifications work on this phone.' },
  ])
  expect(await ids(tester)).toEqual([browser.id, phoneId])
  expect(at((await list(tester))[1], 'lastAcceptedAt')).toBe(new Date(clock.now()).toISOString())
  const receipt = server.expo.phone(token).received[0]?.data['receipt']
  const shown = await server.ask({
    method: 'POST',
    path: '/api/push-receipts',
    body: { receipt, event: 'shown' },
  })
  expect(shown.status).toBe(204)
  expect(at((await list(tester))[1], 'lastShownAt')).toBe(new Date(clock.now()).toISOString())
})

test('a test says what to do when Expo refuses it', async () => {
  const tester = await server.person('unlucky')
  const token = server.expo.install({ platform: 'ios' })
  await register({ token, platform: 'ios' }, tester)
  server.expo.failWith(401)
  const answer = await tester.ask('POST', '/api/push-subscriptions/test')
  expect(listAt(answer.body, 'results')).toMatchObject([
    {
      outcome: 'rejected',
      status: 401,
      host: host(),
      hint: expect.stringContaining('EXPO_ACCESS_TOKEN'),
    },
  ])
  expect(at((await list(tester))[0], 'lastError')).toEqual(expect.any(String))
})
