import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  at,
  refusal,
  startTestServer,
  type TestPerson,
  type TestServer,
} from '../support/test-server.ts'

let server: TestServer
let ana: TestPerson
const path = '/api/notification-preferences'

beforeAll(async () => {
  server = await startTestServer()
  ana = await server.person('ana')
})
afterAll(() => server.close())

test('at first everything rings, and the preview is decided by the channel', async () => {
  const answer = await ana.ask('GET', path)
  expect([answer.status, answer.body]).toEqual([
    200,
    { chat: true, calls: true, preview: 'auto', muted: [] },
  ])
})

test('what is set stays; what is left out goes back to its default; nobody else is concerned', async () => {
  const wish = {
    chat: false,
    calls: true,
    preview: 'sender',
    muted: [
      { conversationId: 'c-1', until: null },
      { conversationId: 'c-2', until: '2030-01-01T00:00:00.000Z' },
    ],
  }
  expect((await ana.ask('PUT', path, wish)).body).toEqual(wish)
  expect((await ana.ask('GET', path)).body).toEqual(wish)
  const bob = await server.person('bob')
  expect(at((await bob.ask('GET', path)).body, 'chat')).toBe(true)
  await ana.ask('PUT', path, { calls: false })
  expect((await ana.ask('GET', path)).body).toEqual({
    chat: true,
    calls: false,
    preview: 'auto',
    muted: [],
  })
})

test.each([
  { chat: 'yes' },
  { preview: 'everything' },
  { muted: [{ conversationId: 'c', until: 'tomorrow' }] },
  { muted: [{ conversationId: '' }] },
  { muted: {} },
  [],
  null,
])('%j is refused', async (body) => {
  expect(refusal(await ana.ask('PUT', path, body))).toEqual([400, 'INVALID_REQUEST'])
})
