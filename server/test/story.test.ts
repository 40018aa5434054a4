import { afterAll, beforeAll, expect, test } from 'vitest'
import { at, startTestServer, type TestServer } from './support/test-server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

test('a message reaches the closed browser of the other, encrypted, with a link to the conversation', async () => {
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const { browser } = await bob.subscribe()
  const conversation = await ana.ask('POST', '/api/conversations', { memberIds: [bob.id] })
  const id = String(at(conversation.body, 'id'))

  const arrived = browser.next()
  await ana.ask('POST', `/api/conversations/${id}/messages`, { text: 'see you at eight?' })
  const { json, topic, urgency } = await arrived

  expect(at(json, 'notification', 'title')).toBe('Ana')
  expect(at(json, 'notification', 'body')).toBe('see you at eight?')
  expect(at(json, 'notification', 'navigate')).toMatch(
    new RegExp(`^http://localhost:\\d+/chats/${id}$`),
  )
  expect(topic).toHaveLength(32)
  expect(urgency).toBe('normal')
})

test('a call rings every browser of the callee, and the one that answers is not told that somebody answered', async () => {
  const carla = await server.person('carla')
  const dora = await server.person('dora')
  const phone = await dora.subscribe({ deviceId: 'phone', deviceName: 'Phone' })
  const desk = await dora.subscribe({ deviceId: 'desk', deviceName: 'Desk' })

  const rings = Promise.all([phone.browser.next(), desk.browser.next()])
  const started = await carla.ask('POST', '/api/calls', { calleeIds: [dora.id], media: 'video' })
  const sessionId = String(at(started.body, 'sessionId'))
  const [ring] = await rings
  expect(at(ring.json, 'notification', 'title')).toBe('Carla is calling')
  expect(at(ring.json, 'sessionId')).toBe(sessionId)
  expect(ring.urgency).toBe('high')
  expect(ring.ttl).toBeGreaterThan(20)

  const receipt = String(at(ring.json, 'notification', 'data', 'receipt'))
  const shown = await dora.ask('POST', '/api/push-receipts', { receipt, event: 'shown' })
  expect(shown.status).toBe(204)

  const replaced = desk.browser.next()
  const accepted = await dora.ask('POST', `/api/calls/${sessionId}/accept`, { deviceId: 'phone' })
  expect(at(accepted.body, 'state')).toBe('accepted')
  expect(at(accepted.body, 'devices', 'ringing')).toEqual(['Phone'])
  expect(at((await replaced).json, 'notification', 'body')).toBe('Answered on another device')
  expect(phone.browser.received).toHaveLength(1)
})

test('a caller who hangs up leaves a missed call', async () => {
  const emil = await server.person('emil')
  const fay = await server.person('fay')
  const { browser } = await fay.subscribe()
  const rang = browser.next()
  const started = await emil.ask('POST', '/api/calls', { calleeIds: [fay.id], media: 'audio' })
  await rang
  const missed = browser.next()
  await emil.ask('POST', `/api/calls/${String(at(started.body, 'sessionId'))}/cancel`)
  expect(at((await missed).json, 'notification', 'title')).toBe('Missed call from Emil')
})
