import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  at,
  listAt,
  refusal,
  startTestServer,
  type TestPerson,
  type TestServer,
} from '../support/test-server.ts'

let server: TestServer
let ana: TestPerson
let bob: TestPerson

beforeAll(async () => {
  server = await startTestServer()
  ana = await server.person('ana')
  bob = await server.person('bob')
})
afterAll(() => server.close())

test('a person changes what they wish, takes it back with null, and the rest stays', async () => {
  const changed = await ana.ask('PATCH', '/api/me', {
    displayName: ' Ana Marija ',
    email: 'ana@example.com',
    locale: 'pt-BR',
  })
  expect(changed.status).toBe(200)
  expect(changed.body).toEqual({
    id: ana.id,
    username: 'ana',
    displayName: 'Ana Marija',
    email: 'ana@example.com',
    phone: null,
    locale: 'pt-BR',
  })
  const back = await ana.ask('PATCH', '/api/me', { email: null })
  expect(back.body).toEqual({ ...Object(changed.body), email: null })
  expect((await ana.ask('PATCH', '/api/me', {})).body).toEqual(back.body)
})

test.each([
  { displayName: '' },
  { displayName: 'a\u0000b' },
  { displayName: '\u200B\u200D' },
  { displayName: '\u3164' },
  { displayName: 'Ana \u202Egnp.exe' },
  { displayName: '\u2066Ana\u2069' },
  { displayName: null },
  { locale: 'not a locale' },
  { phone: '1' },
  { email: 7 },
])('a change to %j is refused and nothing changes', async (change) => {
  const before = (await bob.ask('GET', '/api/me')).body
  expect(refusal(await bob.ask('PATCH', '/api/me', change))).toEqual([400, 'INVALID_REQUEST'])
  expect((await bob.ask('GET', '/api/me')).body).toEqual(before)
})

test.each(['👩‍👩‍👧', 'می‌خواهم', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '❤️', 'שָׁלוֹם', '\u200Fعمر'])(
  'the name %j, with characters that join or mark, stays as it is',
  async (displayName) => {
    const changed = await bob.ask('PATCH', '/api/me', { displayName })
    expect([changed.status, at(changed.body, 'displayName')]).toEqual([200, displayName])
  },
)

test('nobody signs up under a name that cannot be seen', async () => {
  const answer = await server.ask({
    method: 'POST',
    path: '/api/auth/register',
    body: { username: '\u3164\u3164', password: 'correct horse' },
  })
  expect(refusal(answer)).toEqual([400, 'INVALID_REQUEST'])
})

test('others are found by the beginning of a name or of a word in it, never oneself, never their address', async () => {
  const found = await bob.ask('GET', '/api/users?query=mari')
  expect(found.body).toEqual({
    users: [{ id: ana.id, username: 'ana', displayName: 'Ana Marija' }],
  })
  const all = await bob.ask('GET', '/api/users')
  expect(listAt(all.body, 'users').map((user) => at(user, 'id'))).toEqual([ana.id])
  expect((await bob.ask('GET', '/api/users?query=')).body).toEqual(all.body)
})

test('wildcards, quotes and patterns in a search are plain text', async () => {
  for (const query of ['%', '_', "' OR 1=1 --", '.*', '\\', '\u0000', '{"$ne":null}']) {
    const found = await bob.ask('GET', `/api/users?query=${encodeURIComponent(query)}`)
    expect([query, found.status, found.body]).toEqual([query, 200, { users: [] }])
  }
  expect((await bob.ask('GET', '/api/users?query[$ne]=x')).status).toBe(200)
})

test('a search longer than 64 characters is refused', async () => {
  const answer = await bob.ask('GET', `/api/users?query=${'a'.repeat(65)}`)
  expect(refusal(answer)).toEqual([400, 'INVALID_REQUEST'])
})
