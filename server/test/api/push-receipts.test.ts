import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTab } from '../support/tab.ts'
import { at, listAt, refusal, startTestServer, type TestServer } from '../support/test-server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const post = (path: string, body: unknown) => server.ask({ method: 'POST', path, body })
const receive = (receipt: unknown, event: unknown = 'shown') =>
  post('/api/push-receipts', { receipt, event })

let rings = 0

/** A ring that has arrived at one browser of a new person. */
async function ring() {
  rings += 1
  const caller = await server.person(`caller${rings}`)
  const callee = await server.person(`callee${rings}`)
  const { id, browser } = await callee.subscribe({ deviceName: 'Phone' })
  const arrived = browser.next()
  const started = await caller.ask('POST', '/api/calls', { calleeIds: [callee.id], media: 'audio' })
  const { json } = await arrived
  const receipt = String(at(json, 'notification', 'data', 'receipt'))
  return { caller, callee, id, browser, receipt, sessionId: String(at(started.body, 'sessionId')) }
}

test('a device says without a token that it shows the ring, and the caller sees its name at once', async () => {
  const { caller, callee, receipt, sessionId } = await ring()
  const tab = await openTab(server.url, { token: caller.token })
  const told = tab.next('call.updated')
  expect((await receive(receipt)).status).toBe(204)
  expect(at(await told, 'devices', 'ringing')).toEqual(['Phone'])
  tab.close()
  const call = await caller.ask('GET', `/api/calls/${sessionId}`)
  expect(at(call.body, 'devices')).toEqual({ notified: 1, ringing: ['Phone'] })
  const devices = await callee.ask('GET', '/api/push-subscriptions')
  expect(at(devices.body, 'subscriptions', 0, 'lastShownAt')).toEqual(expect.any(String))

  for (const event of ['shown', 'clicked', 'dismissed', 'shown'])
    expect((await receive(receipt, event)).status).toBe(204)
})

test('a receipt that was not made here allows nothing', async () => {
  const { receipt, sessionId } = await ring()
  const [body = '', mac = ''] = receipt.split('.')
  const forged = Buffer.from(JSON.stringify(['x', 'y', sessionId])).toString('base64url')
  for (const wrong of [
    '',
    '.',
    'x',
    `${body}.`,
    `.${mac}`,
    `${forged}.${mac}`,
    `${receipt}.x`,
    'x'.repeat(2000),
  ]) {
    expect(refusal(await receive(wrong))).toEqual([403, 'RECEIPT_REFUSED'])
    const decline = await post(`/api/calls/${sessionId}/decline`, { receipt: wrong })
    expect(refusal(decline)).toEqual([403, 'RECEIPT_REFUSED'])
  }
  expect(refusal(await receive(7))).toEqual([400, 'INVALID_REQUEST'])
  expect(refusal(await receive(receipt, 'eaten'))).toEqual([400, 'INVALID_REQUEST'])
})

test('a service worker declines by the receipt of its ring, which does nothing else', async () => {
  const { callee, receipt, sessionId } = await ring()
  const accept = await post(`/api/calls/${sessionId}/accept`, { receipt })
  expect(refusal(accept)).toEqual([401, 'UNAUTHENTICATED'])
  const other = await ring()
  const elsewhere = await post(`/api/calls/${other.sessionId}/decline`, { receipt })
  expect(refusal(elsewhere)).toEqual([403, 'RECEIPT_REFUSED'])

  const declined = await post(`/api/calls/${sessionId}/decline`, { receipt })
  expect([declined.status, at(declined.body, 'state')]).toEqual([200, 'declined'])
  const again = await post(`/api/calls/${sessionId}/decline`, { receipt })
  expect(again.status).toBe(200)
  const call = await callee.ask('GET', `/api/calls/${sessionId}`)
  expect(at(call.body, 'callees', 0, 'state')).toBe('declined')
})

test('the receipt of a chat message, or of a test, declines no call', async () => {
  const { caller, callee, browser, sessionId } = await ring()
  const chat = await caller.ask('POST', '/api/conversations', { memberIds: [callee.id] })
  const arrived = browser.next(
    (push) => at(push.json, 'notification', 'data', 'type') === 'chat_message',
  )
  await caller.ask('POST', `/api/conversations/${String(at(chat.body, 'id'))}/messages`, {
    text: 'hi',
  })
  const receipt = String(at((await arrived).json, 'notification', 'data', 'receipt'))
  const tested = browser.next((push) => at(push.json, 'notification', 'data', 'type') === 'test')
  await callee.ask('POST', '/api/push-subscriptions/test')
  const testReceipt = String(at((await tested).json, 'notification', 'data', 'receipt'))
  for (const wrong of [receipt, testReceipt]) {
    const declined = await post(`/api/calls/${sessionId}/decline`, { receipt: wrong })
    expect(refusal(declined)).toEqual([403, 'RECEIPT_REFUSED'])
    expect((await receive(wrong)).status).toBe(204)
  }
})

test('a shown test notification is seen in the list of devices', async () => {
  const ana = await server.person('ana')
  const { browser } = await ana.subscribe()
  const tested = browser.next()
  await ana.ask('POST', '/api/push-subscriptions/test')
  await receive(at((await tested).json, 'notification', 'data', 'receipt'))
  const list = await ana.ask('GET', '/api/push-subscriptions')
  const [device] = listAt(list.body, 'subscriptions')
  expect([at(device, 'lastShownAt'), at(device, 'lastAcceptedAt')]).toEqual([
    expect.any(String),
    expect.any(String),
  ])
})
