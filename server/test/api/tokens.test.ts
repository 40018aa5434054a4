import { exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose'
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { at, refusal, startTestServer, type TestServer } from '../support/test-server.ts'
import { testClock } from '../support/test-clock.ts'

const clock = testClock()
let server: TestServer

beforeAll(async () => {
  server = await startTestServer({ now: clock.now })
})
afterAll(() => server.close())

const inAnHour = () => Math.floor(clock.now() / 1000) + 3600
const me = (token: string) =>
  server.ask({ method: 'GET', path: '/api/me', headers: { authorization: `Bearer ${token}` } })

function sign(payload: JWTPayload, header: { typ?: string } = {}): Promise<string> {
  return new SignJWT({ exp: inAnHour(), ...payload })
    .setProtectedHeader({ alg: 'HS256', ...header })
    .sign(new TextEncoder().encode(server.jwtSecret))
}

test('a token of the own backend, signed with JWT_SECRET, makes its subject a person at first use', async () => {
  const token = await sign({
    sub: 'crm|4711',
    iss: 'https://crm.example',
    name: 'Ana Perić',
    email: 'ana@crm.example',
    phone: '+385912345678',
    locale: 'hr-HR',
  })
  const answers = await Promise.all([me(token), me(token), me(token)])
  for (const answer of answers) {
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({
      id: 'crm|4711',
      username: 'crm|4711',
      displayName: 'Ana Perić',
      email: 'ana@crm.example',
      phone: '+385912345678',
      locale: 'hr-HR',
    })
  }
  const bob = await server.person('finder')
  const found = await bob.ask('GET', '/api/users?query=peri%C4%87')
  expect(at(found.body, 'users', 0, 'id')).toBe('crm|4711')
})

test('claims that do not fit are left out, and the person is let in all the same', async () => {
  const token = await sign({
    sub: 'odd',
    name: 'two\r\nlines',
    email: 'nowhere',
    phone: '12',
    locale: '../../etc',
  })
  expect((await me(token)).body).toEqual({
    id: 'odd',
    username: 'odd',
    displayName: 'odd',
    email: null,
    phone: null,
    locale: null,
  })
})

test('signing out with a token of another issuer forgets the device and leaves the token', async () => {
  const token = await sign({ sub: 'foreign-leaver' })
  const headers = { authorization: `Bearer ${token}` }
  const left = await server.ask({ method: 'POST', path: '/api/auth/logout', headers, body: {} })
  expect(left.status).toBe(204)
  expect((await me(token)).status).toBe(200)
})

test.each<[string, () => Promise<string> | string]>([
  ['no token at all', () => 'x'],
  ['expired', () => sign({ sub: 'ana', exp: inAnHour() - 3601 })],
  ['not yet valid', () => sign({ sub: 'ana', nbf: inAnHour() })],
  ['without an end', () => sign({ sub: 'ana', exp: undefined })],
  ['without a subject', () => sign({})],
  ['with an empty subject', () => sign({ sub: '' })],
  ['with a subject of 256 characters', () => sign({ sub: 'a'.repeat(256) })],
  ['with a control character in the subject', () => sign({ sub: 'ana\u0000' })],
  ['in our name without a session', () => sign({ sub: 'ana', iss: 'belfry' })],
  ['in our name with an unknown session', () => sign({ sub: 'ana', iss: 'belfry', sid: 'none' })],
  ['for another purpose', () => sign({ sub: 'ana' }, { typ: 'logout+jwt' })],
  ['unsigned', () => new UnsecuredJWT({ sub: 'ana', exp: inAnHour() }).encode()],
  ['larger than 8 kB', () => sign({ sub: 'ana', padding: 'x'.repeat(8192) })],
  [
    'signed with another secret',
    () =>
      new SignJWT({ sub: 'ana', exp: inAnHour() })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(new TextEncoder().encode('another secret of thirty-two bytes')),
  ],
  [
    'signed by an asymmetric key of nobody',
    async () => {
      const { privateKey } = await generateKeyPair('ES256')
      return new SignJWT({ sub: 'ana', exp: inAnHour() })
        .setProtectedHeader({ alg: 'ES256' })
        .sign(privateKey)
    },
  ],
  [
    'HMAC’d with a public key (RS/HS confusion)',
    async () => {
      const { publicKey } = await generateKeyPair('RS256', { extractable: true })
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
      const input = `${part({ alg: 'HS256' })}.${part({ sub: 'ana', exp: inAnHour() })}`
      const mac = createHmac('sha256', await exportSPKI(publicKey)).update(input)
      return `${input}.${mac.digest('base64url')}`
    },
  ],
  [
    'with a changed payload',
    async () => {
      const [header = '', , signature = ''] = (await sign({ sub: 'ana' })).split('.')
      const payload = Buffer.from(JSON.stringify({ sub: 'bob', exp: inAnHour() })).toString(
        'base64url',
      )
      return `${header}.${payload}.${signature}`
    },
  ],
])('a token %s is answered 401', async (_name, make) => {
  const answer = await me(await make())
  expect(refusal(answer)).toEqual([401, 'UNAUTHENTICATED'])
  expect(answer.headers.get('www-authenticate')).toBe('Bearer')
})

test('of a token with the right signature the answer says what is wrong, of any other nothing', async () => {
  const detail = async (token: string | Promise<string>) =>
    String(at((await me(await token)).body, 'detail'))
  expect(await detail(sign({ sub: 'ana', exp: inAnHour() - 3601 }))).toMatch(/expired/)
  expect(await detail(sign({ sub: 'ana', exp: undefined }))).toMatch(/sign it with exp/)
  expect(await detail(sign({ sub: 'ana', nbf: inAnHour() }))).toMatch(/not valid yet/)
  expect(await detail(sign({}))).toMatch(/sub must be/)
  const forged = (payload: JWTPayload) =>
    new SignJWT(payload)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode('another secret of thirty-two bytes'))
  const unsigned = new UnsecuredJWT({ sub: 'ana', exp: 1 }).encode()
  const said = await Promise.all(
    [forged({ sub: 'ana', exp: 1 }), forged({}), unsigned, 'garbage'].map(detail),
  )
  expect(new Set(said).size).toBe(1)
  expect(said[0]).toMatch(/another key or algorithm/)
  const ended = await server.person('ended')
  await ended.ask('POST', '/api/auth/logout')
  expect(await detail(ended.token)).toMatch(/session of this token has ended/)
})

test.each(['', 'Bearer', 'Bearer ', 'Basic YW5hOmFuYQ==', 'Bearer a b', 'bearer \t'])(
  'the header "Authorization: %s" is answered 401',
  async (authorization) => {
    const answer = await server.ask({ method: 'GET', path: '/api/me', headers: { authorization } })
    expect(refusal(answer)).toEqual([401, 'UNAUTHENTICATED'])
  },
)

test('a token of ours ends by itself after thirty days', async () => {
  const ana = await server.person('lasting')
  clock.advance(30 * 24 * 3600 * 1000 - 1000)
  expect((await ana.ask('GET', '/api/me')).status).toBe(200)
  clock.advance(2000)
  expect((await ana.ask('GET', '/api/me')).status).toBe(401)
})

test('JWT_ISSUER and JWT_AUDIENCE bind tokens of the own backend, and not our own', async () => {
  const strict = await startTestServer({
    environment: { JWT_ISSUER: 'https://crm.example', JWT_AUDIENCE: 'belfry' },
  })
  try {
    const exp = Math.floor(Date.now() / 1000) + 3600
    const ask = async (payload: JWTPayload) => {
      const token = await new SignJWT({ sub: 'ana', exp, ...payload })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(new TextEncoder().encode(strict.jwtSecret))
      const headers = { authorization: `Bearer ${token}` }
      return (await strict.ask({ method: 'GET', path: '/api/me', headers })).status
    }
    expect(await ask({ iss: 'https://crm.example', aud: ['other', 'belfry'] })).toBe(200)
    expect(await ask({ iss: 'https://crm.example', aud: 'other' })).toBe(401)
    expect(await ask({ iss: 'https://crm.example' })).toBe(401)
    expect(await ask({ iss: 'https://evil.example', aud: 'belfry' })).toBe(401)
    const own = await strict.person('own')
    expect((await own.ask('GET', '/api/me')).status).toBe(200)
  } finally {
    await strict.close()
  }
})
