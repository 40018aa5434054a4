import { afterEach, beforeEach, expect, test } from 'vitest'
import { startPushService, type PushService } from '../src/index.ts'
import { channelId, connectBrowser, subscribeBrowser, type Browser } from './browser.ts'
import { createSender, sendRaw } from './sender.ts'

/* Mozilla's WebSocket protocol over real sockets, as Firefox speaks it. */

const sender = createSender()
let now = 0
let service: PushService

beforeEach(async () => {
  now = Date.UTC(2026, 10, 21)
  service = await startPushService({ clock: () => now })
})

afterEach(() => service.close())

async function push(endpoint: string, headers: Record<string, string> = {}, body = 'sealed') {
  const token = sender.token({ aud: service.endpointOrigin, exp: now / 1000 + 3600 })
  const answer = await sendRaw(endpoint, {
    headers: {
      ttl: '60',
      'content-encoding': 'aes128gcm',
      authorization: `vapid t=${token}, k=${sender.publicKey}`,
      ...headers,
    },
    body: Buffer.from(body),
  })
  return { status: answer.status, id: answer.headers.location?.split('/').at(-1) }
}

const subscribe = () => subscribeBrowser(service.webSocketUrl, `${sender.publicKey}=`)

async function comeBack(uaid: string): Promise<Browser> {
  const browser = await connectBrowser(service.webSocketUrl)
  const hello = await browser.ask({ messageType: 'hello', use_webpush: true, uaid })
  expect(hello['uaid']).toBe(uaid)
  return browser
}

/** Drops the connection, and waits until the service has noticed. */
async function goAway(browser: Browser): Promise<void> {
  const gone = service.events.waitFor('disconnect')
  await browser.crash()
  await gone
}

const ack = (version: unknown, code = 100) => ({
  messageType: 'ack',
  updates: [{ channelID: channelId, version, code }],
})
const dataOf = (frame: Record<string, unknown>) =>
  Buffer.from(String(frame['data']), 'base64url').toString('utf8')

/** Reads and acknowledges `count` notifications; returns what they carried. */
async function readAndAck(browser: Browser, count: number): Promise<string[]> {
  const seen: string[] = []
  for (let index = 0; index < count; index += 1) {
    const frame = await browser.read()
    seen.push(dataOf(frame))
    browser.send(ack(frame['version']))
  }
  return seen
}

test('a browser that says hello gets a uaid of 32 hex characters', async () => {
  const { uaid, endpoint, browser } = await subscribe()
  expect(uaid).toMatch(/^[\da-f]{32}$/)
  expect(endpoint).toMatch(new RegExp(`^${service.endpointOrigin}/wpush/v2/[\\w-]+$`))
  await goAway(browser)
})

test('a push reaches the connected browser, and its ack is seen', async () => {
  const { browser, endpoint, uaid } = await subscribe()
  const acked = service.events.waitFor('ack')
  const { id } = await push(endpoint, { urgency: 'high', topic: 'call' })
  const frame = await browser.read()
  expect(frame).toEqual({
    messageType: 'notification',
    channelID: channelId,
    version: id,
    data: Buffer.from('sealed').toString('base64url'),
    headers: { encoding: 'aes128gcm' },
  })
  browser.send(ack(id, 101))
  expect(await acked).toMatchObject({ uaid, channelId, version: id, code: 101 })
  expect(service.events.ofType('push')).toMatchObject([
    {
      endpoint,
      ttl: 60,
      urgency: 'high',
      topic: 'call',
      body: Buffer.from('sealed'),
      receivedAt: now,
    },
  ])
})

test('a push without payload has neither data nor headers', async () => {
  const { browser, endpoint } = await subscribe()
  const { id } = await push(endpoint, {}, '')
  const notification = { messageType: 'notification', channelID: channelId, version: id }
  expect(await browser.read()).toEqual(notification)
})

test('while the browser is connected both messages of a Topic arrive; while it is not, the newest', async () => {
  const { browser, endpoint, uaid } = await subscribe()
  await push(endpoint, { topic: 'a' }, 'one')
  await push(endpoint, { topic: 'a' }, 'two')
  const acked = service.events.waitFor('ack', () => service.events.ofType('ack').length === 2)
  expect(await readAndAck(browser, 2)).toEqual(['one', 'two'])
  await acked
  await goAway(browser)
  await push(endpoint, { topic: 'a' }, 'three')
  await push(endpoint, { topic: 'a' }, 'four')
  await push(endpoint, {}, 'five')
  expect(await readAndAck(await comeBack(uaid), 2)).toEqual(['four', 'five'])
})

test('a browser that comes back gets Topic messages first, then the rest by time', async () => {
  const { browser, endpoint, uaid } = await subscribe()
  await goAway(browser)
  await push(endpoint, {}, 'first')
  now += 1000
  await push(endpoint, { topic: 'a' }, 'topic')
  now += 1000
  await push(endpoint, {}, 'second')
  await push(endpoint, { ttl: '0' }, 'now or never')
  expect(await readAndAck(await comeBack(uaid), 3)).toEqual(['topic', 'first', 'second'])
})

test('a stored message whose TTL passed does not arrive', async () => {
  const { browser, endpoint, uaid } = await subscribe()
  await goAway(browser)
  await push(endpoint, { ttl: '30' }, 'short')
  await push(endpoint, { ttl: '60' }, 'long')
  now += 30_000
  expect(await readAndAck(await comeBack(uaid), 1)).toEqual(['long'])
})

test('a withdrawn message does not arrive', async () => {
  const { browser, endpoint, uaid } = await subscribe()
  await goAway(browser)
  const ring = await push(endpoint, { topic: 'call' }, 'old ring')
  await push(endpoint, { topic: 'call' }, 'new ring')
  await push(endpoint, {}, 'chat')
  // Any Location of a Topic cancels that Topic's newest message.
  await sendRaw(`${service.endpointOrigin}/m/${ring.id}`, { method: 'DELETE' })
  expect(service.events.ofType('withdraw')).toMatchObject([{ version: ring.id, stored: true }])
  expect(await readAndAck(await comeBack(uaid), 1)).toEqual(['chat'])
})

test('a message that was delivered but not acknowledged arrives again, unless its TTL is 0', async () => {
  const { browser, endpoint, uaid } = await subscribe()
  await push(endpoint, {}, 'kept')
  await push(endpoint, { ttl: '0' }, 'lost')
  await browser.read()
  await browser.read()
  await goAway(browser)
  const again = await comeBack(uaid)
  expect(dataOf(await again.read())).toBe('kept')
  await push(endpoint, {}, 'next')
  expect(dataOf(await again.read())).toBe('next')
})

test('stored messages come in batches of 10, the next after the last ack', async () => {
  const { browser, endpoint, uaid } = await subscribe()
  await goAway(browser)
  for (let index = 0; index < 11; index += 1) await push(endpoint, {}, `m${index}`)
  const back = await comeBack(uaid)
  const versions: unknown[] = []
  for (let index = 0; index < 10; index += 1) versions.push((await back.read())['version'])
  // The ping's answer would come after an eleventh message, were there one.
  expect(await back.ask({})).toEqual({})
  for (const version of versions) back.send(ack(version))
  expect(dataOf(await back.read())).toBe('m10')
})

test('more than 150 stored messages: 150 arrive, then the browser is forgotten', async () => {
  const { browser, endpoint, uaid } = await subscribe()
  await goAway(browser)
  for (let index = 0; index < 151; index += 1) {
    expect((await push(endpoint, {}, `m${index}`)).status).toBe(201)
  }
  const back = await comeBack(uaid)
  expect(await readAndAck(back, 150)).toHaveLength(150)
  expect(await back.closed).toBe(1000)
  expect((await push(endpoint)).status).toBe(410)
  const stranger = await connectBrowser(service.webSocketUrl)
  const hello = await stranger.ask({ messageType: 'hello', use_webpush: true, uaid })
  expect(hello['uaid']).not.toBe(uaid)
})

test('a uaid counts only after the first register', async () => {
  const browser = await connectBrowser(service.webSocketUrl)
  const { uaid } = await browser.ask({ messageType: 'hello', use_webpush: true })
  await goAway(browser)
  const again = await connectBrowser(service.webSocketUrl)
  const hello = await again.ask({ messageType: 'hello', use_webpush: true, uaid })
  expect(hello['uaid']).not.toBe(uaid)
})

test('a forgotten browser gets a new uaid, and its endpoints are gone', async () => {
  const { browser, endpoint, uaid } = await subscribe()
  expect(service.forget(uaid)).toBe(true)
  await browser.closed
  const back = await connectBrowser(service.webSocketUrl)
  const hello = await back.ask({ messageType: 'hello', use_webpush: true, uaid })
  expect(hello['uaid']).not.toBe(uaid)
  expect((await push(endpoint)).status).toBe(410)
  expect(service.forget(uaid)).toBe(false)
})

test('an unsubscribed endpoint is gone, and registering its channel again revives it', async () => {
  const { browser, endpoint } = await subscribe()
  const unregistered = service.events.waitFor('unregister')
  const unregister = { messageType: 'unregister', channelID: channelId, code: 202 }
  expect(await browser.ask(unregister)).toMatchObject({ status: 200 })
  expect(await unregistered).toMatchObject({ code: 202, channelId })
  expect((await push(endpoint)).status).toBe(410)
  const register = { messageType: 'register', channelID: channelId, key: sender.publicKey }
  const second = (await browser.ask(register))['pushEndpoint']
  expect(second).not.toBe(endpoint)
  expect((await push(endpoint)).status).toBe(201)
  expect((await push(String(second))).status).toBe(201)
})

test('an endpoint registered without a key takes a push without VAPID', async () => {
  const browser = await connectBrowser(service.webSocketUrl)
  await browser.ask({ messageType: 'hello', use_webpush: true })
  const reply = await browser.ask({ messageType: 'register', channelID: channelId })
  expect(reply['pushEndpoint']).toContain('/wpush/v1/')
  expect((await sendRaw(String(reply['pushEndpoint']), { headers: { ttl: '5' } })).status).toBe(201)
})

test('a bad key is refused with status 400', async () => {
  const { browser } = await subscribe()
  const register = { messageType: 'register', channelID: channelId, key: 'BAAA' }
  expect(await browser.ask(register)).toMatchObject({ status: 400, channelID: channelId })
})

test('a second socket of the same browser closes the first with 1011', async () => {
  const { browser, uaid, endpoint } = await subscribe()
  const second = await comeBack(uaid)
  expect(await browser.closed).toBe(1011)
  await push(endpoint, {}, 'for the second')
  expect(dataOf(await second.read())).toBe('for the second')
})

test.each([
  ['an upper-case channelID', { messageType: 'register', channelID: channelId.toUpperCase() }],
  ['text that is no JSON', '{'],
  ['an unknown message type', { messageType: 'sing' }],
])('%s closes the socket with 1011', async (_, frame) => {
  const { browser } = await subscribe()
  browser.send(frame)
  expect(await browser.closed).toBe(1011)
})

test('a service worker that fails is reported by nack', async () => {
  const { browser, endpoint } = await subscribe()
  const nack = service.events.waitFor('nack')
  const { id } = await push(endpoint)
  browser.send({ messageType: 'nack', version: id, code: 302 })
  expect(await nack).toMatchObject({ version: id, code: 302 })
})

test('the service can tell a browser to stay away', async () => {
  const { browser, uaid } = await subscribe()
  const gone = service.events.waitFor('disconnect')
  service.disconnect({ uaid, code: 4774 })
  expect(await browser.closed).toBe(4774)
  expect(await gone).toMatchObject({ uaid, code: 4774 })
})
