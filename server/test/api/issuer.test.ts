import { SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startIssuer, type Issuer } from '../support/issuer.ts'
import { at, refusal, startTestServer, type TestServer } from '../support/test-server.ts'

// Passwords are slow by design, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000 })

let issuer: Issuer
let server: TestServer
const claims = { iss: 'https://id.example', aud: 'belfry', sub: 'user-1', name: 'Ana' }

function start(): Promise<TestServer> {
  return startTestServer({
    environment: {
      JWT_JWKS_URL: issuer.jwksUrl,
      JWT_ISSUER: 'https://id.example',
      JWT_AUDIENCE: 'belfry',
    },
  })
}

beforeAll(async () => {
  issuer = await startIssuer()
  server = await start()
})
afterAll(async () => {
  await server.close()
  await issuer.close()
})

const me = (token: string, at = server) =>
  at.ask({ method: 'GET', path: '/api/me', headers: { authorization: `Bearer ${token}` } })

test.each(['RS256', 'ES256'] as const)(
  'a token of the issuer, signed %s, is let in',
  async (alg) => {
    const answer = await me(await issuer.sign({ ...claims, sub: alg }, { alg }))
    expect(answer.status).toBe(200)
    expect(at(answer.body, 'displayName')).toBe('Ana')
  },
)

test('a token without kid is tried with every key that it may fit', async () => {
  const answer = await me(await issuer.sign(claims, { alg: 'ES256', kid: null }))
  expect(answer.status).toBe(200)
})

test.each<[string, () => Promise<string> | string]>([
  ['for another audience', () => issuer.sign({ ...claims, aud: 'other' })],
  ['without an audience', () => issuer.sign({ ...claims, aud: undefined })],
  ['of another issuer', () => issuer.sign({ ...claims, iss: 'https://evil.example' })],
  ['that has expired', () => issuer.sign({ ...claims, exp: Math.floor(Date.now() / 1000) - 60 })],
  ['of an unknown key', () => issuer.sign(claims, { kid: 'no-such-key' })],
  ['that is no token', () => 'garbage'],
  ['that is three dots of garbage', () => 'a.b.c'],
  [
    'that names another algorithm than its key',
    () => issuer.sign(claims, { alg: 'ES256', kid: 'RS256-0' }),
  ],
  [
    'signed with JWT_SECRET: the issuer takes the place of the secret',
    () =>
      new SignJWT({ ...claims, exp: Math.floor(Date.now() / 1000) + 3600 })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(new TextEncoder().encode(server.jwtSecret)),
  ],
])('a token %s is answered 401', async (_name, make) => {
  expect(refusal(await me(await make()))).toEqual([401, 'UNAUTHENTICATED'])
})

test('people who signed up here are let in beside those of the issuer', async () => {
  const own = await server.person('local')
  expect((await own.ask('GET', '/api/me')).status).toBe(200)
})

test.each([
  [500, 'oops'],
  [200, 'not json'],
  [200, '{"keys":"none"}'],
])(
  'while the keys cannot be had (%s, %s) nobody can be told apart: 503, come again',
  async (status, body) => {
    const { status: before, body: good } = { status: 200, body: await fetchKeys() }
    issuer.answer(status, body)
    const fresh = await start()
    try {
      const token = await issuer.sign(claims)
      const answer = await me(token, fresh)
      expect(refusal(answer)).toEqual([503, 'JWKS_UNAVAILABLE'])
      expect(answer.headers.get('retry-after')).toBe('2')
      const own = await fresh.person('still-here')
      expect((await own.ask('GET', '/api/me')).status).toBe(200)
      issuer.answer(before, good)
      expect((await me(token, fresh)).status).toBe(200)
    } finally {
      issuer.answer(before, good)
      await fresh.close()
    }
  },
)

async function fetchKeys(): Promise<string> {
  return (await fetch(issuer.jwksUrl)).text()
}
