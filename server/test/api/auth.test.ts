import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  at,
  refusal,
  startTestServer,
  testPassword,
  type TestServer,
} from '../support/test-server.ts'
import { openTab } from '../support/tab.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const signUp = (body: unknown) => server.ask({ method: 'POST', path: '/api/auth/register', body })
const signIn = (username: string, password = testPassword) =>
  server.ask({ method: 'POST', path: '/api/auth/login', body: { username, password } })

test('signing up gives a token and the person, and the token works at once', async () => {
  const answer = await signUp({
    username: 'ana.p',
    password: testPassword,
    displayName: 'Ana P.',
    email: 'ana@example.com',
    phone: '+385912345678',
  })
  expect(answer.status).toBe(201)
  expect(at(answer.body, 'user')).toEqual({
    id: expect.any(String),
    username: 'ana.p',
    displayName: 'Ana P.',
  })
  const headers = { authorization: `Bearer ${String(at(answer.body, 'token'))}` }
  const me = await server.ask({ method: 'GET', path: '/api/me', headers })
  expect(me.body).toEqual({
    id: at(answer.body, 'user', 'id'),
    username: 'ana.p',
    displayName: 'Ana P.',
    email: 'ana@example.com',
    phone: '+385912345678',
    locale: null,
  })
})

test('without a display name the user name is shown', async () => {
  const answer = await signUp({ username: 'plain', password: testPassword })
  expect(at(answer.body, 'user', 'displayName')).toBe('plain')
})

test('a taken name is refused in any case of letters, also when two ask at once', async () => {
  const both = await Promise.all([
    signUp({ username: 'Twin', password: testPassword }),
    signUp({ username: 'twin', password: testPassword }),
  ])
  expect(new Set(both.map((answer) => answer.status))).toEqual(new Set([201, 409]))
  expect(refusal(await signUp({ username: 'TWIN', password: testPassword }))).toEqual([
    409,
    'USERNAME_TAKEN',
  ])
})

test.each([
  ['a short password', { username: 'short', password: 'seven77' }],
  ['no password', { username: 'nobody' }],
  ['a name with a space', { username: 'a b', password: testPassword }],
  ['a name with a line break', { username: 'a\r\nb', password: testPassword }],
  [
    'a display name with a line break',
    { username: 'crlf', password: testPassword, displayName: 'a\r\nb' },
  ],
  ['an address that is none', { username: 'mail', password: testPassword, email: 'nowhere' }],
  [
    'a phone number without country',
    { username: 'phone', password: testPassword, phone: '091 234' },
  ],
  ['a query for a name', { username: { $ne: null }, password: testPassword }],
])('%s is refused, and says where', async (_name, body) => {
  const answer = await signUp(body)
  expect(refusal(answer)).toEqual([400, 'INVALID_REQUEST'])
  expect(at(answer.body, 'errors', 0, 'path')).toMatch(/^\/\w+/)
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
})

test('signing in works in any case of letters; a wrong password and an unknown name look alike', async () => {
  await signUp({ username: 'Case', password: testPassword })
  expect((await signIn('cASE')).status).toBe(200)
  const wrong = await signIn('case', 'wrong horse')
  const unknown = await signIn('no-such-person')
  expect(refusal(wrong)).toEqual([401, 'WRONG_CREDENTIALS'])
  expect(unknown.body).toEqual(wrong.body)
})

test('signing out ends this token and no other, forgets the device, and cuts its open tabs', async () => {
  const ana = await server.person('leaver')
  const phone = await ana.subscribe({ deviceId: 'phone' })
  const desk = await ana.subscribe({ deviceId: 'desk' })
  const other = await signIn('leaver')
  const otherToken = String(at(other.body, 'token'))
  const tab = await openTab(server.url, { token: ana.token, deviceId: 'phone' })
  const otherTab = await openTab(server.url, { token: otherToken, deviceId: 'desk' })
  const told = otherTab.next('devices.updated')

  expect((await ana.ask('POST', '/api/auth/logout', { deviceId: 'phone' })).status).toBe(204)

  expect(await tab.closed).toBe('io server disconnect')
  expect(await told).toEqual({ subscriptionId: phone.id, change: 'removed' })
  otherTab.close()
  expect(refusal(await ana.ask('GET', '/api/me'))).toEqual([401, 'UNAUTHENTICATED'])
  expect(refusal(await ana.ask('POST', '/api/auth/logout', {}))).toEqual([401, 'UNAUTHENTICATED'])
  const headers = { authorization: `Bearer ${otherToken}` }
  const left = await server.ask({ method: 'GET', path: '/api/push-subscriptions', headers })
  expect(at(left.body, 'subscriptions', 0, 'id')).toBe(desk.id)
  expect(at(left.body, 'subscriptions', 1)).toBeUndefined()
})

test('signing out forgets a device by the subscription’s id too, and never the device of another person', async () => {
  const ana = await server.person('by-row')
  const eve = await server.person('eve-row')
  const { id } = await ana.subscribe()
  await eve.ask('POST', '/api/auth/logout', { deviceId: id })
  expect(at((await ana.ask('GET', '/api/push-subscriptions')).body, 'subscriptions', 0, 'id')).toBe(
    id,
  )

  await ana.ask('POST', '/api/auth/logout', { deviceId: id })
  const headers = { authorization: `Bearer ${String(at((await signIn('by-row')).body, 'token'))}` }
  const left = await server.ask({ method: 'GET', path: '/api/push-subscriptions', headers })
  expect(left.body).toEqual({ subscriptions: [] })
})
