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
  { sound: false },
  [],
  null,
])('%j is refused', async (body) => {
  expect(refusal(await ana.ask('PUT', path, body))).toEqual([400, 'INVALID_REQUEST'])
})

const night = {
  days: [1, 7],
  from: '22:00',
  to: '07:00',
  timeZone: 'Europe/Zagreb',
  allowCalls: true,
}

test.each<[unknown, string]>([
  [{ quietHours: { enabled: true, ...night } }, '/quietHours/enabled'],
  [{ quietHours: {} }, '/quietHours/enabled'],
  [{ missedCall: { email: true } }, '/missedCall/email'],
  [{ missedCall: { sms: true, email: false } }, '/missedCall/sms'],
])('what is not kept yet is refused by its name, and nothing changes: %j', async (body, field) => {
  const before = (await ana.ask('GET', path)).body
  const answer = await ana.ask('PUT', path, { chat: false, ...Object(body) })
  expect(refusal(answer)).toEqual([400, 'INVALID_REQUEST'])
  expect(at(answer.body, 'errors', 0)).toEqual({
    path: field,
    message: 'is not supported yet: leave it out, or send it switched off',
  })
  expect((await ana.ask('GET', path)).body).toEqual(before)
})

test('a field that there is not is named', async () => {
  const answer = await ana.ask('PUT', path, { chats: false })
  expect(at(answer.body, 'errors', 0, 'message')).toContain('"chats"')
})

test('switched off, what is not kept yet is what happens anyway: taken, and not shown', async () => {
  const off = { quietHours: { enabled: false, ...night }, missedCall: { email: false, sms: false } }
  const answer = await ana.ask('PUT', path, { chat: true, ...off })
  expect([answer.status, answer.body]).toEqual([
    200,
    { chat: true, calls: true, preview: 'auto', muted: [] },
  ])
})
