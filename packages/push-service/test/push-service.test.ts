import { get } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { answers, pushServiceCommand, startPushService, type PushService } from '../src/index.ts'
import { subscribeBrowser } from './browser.ts'
import { localhostCertificate } from './localhost-certificate.ts'
import { createSender, encrypt, sendRaw } from './sender.ts'

const sender = createSender()
let now = 0
let service: PushService

beforeEach(async () => {
  now = Date.UTC(2026, 10, 21)
  service = await startPushService({ clock: () => now })
})

afterEach(() => service.close())

function post(endpoint: string, body: Uint8Array = new Uint8Array(), headers = {}) {
  return sendRaw(endpoint, {
    headers: { ttl: '60', 'content-encoding': 'aes128gcm', ...headers },
    body,
  })
}

test('a recipient without a browser reads what was sent to it', async () => {
  const bob = service.subscribe({ vapidPublicKey: sender.publicKey })
  const token = sender.token({ aud: service.endpointOrigin, exp: now / 1000 + 60 })
  const body = encrypt('{"type":"test"}', bob)
  const next = bob.next()
  const authorization = `vapid t=${token}, k=${sender.publicKey}`
  expect((await post(bob.endpoint, body, { authorization, urgency: 'high' })).status).toBe(201)
  expect(await next).toMatchObject({
    json: { type: 'test' },
    text: '{"type":"test"}',
    urgency: 'high',
    ttl: 60,
    receivedAt: now,
  })
  expect(bob.received).toHaveLength(1)
  expect(bob.decrypt(body)).toBe('{"type":"test"}')
  expect(service.events.ofType('ack')).toMatchObject([{ uaid: bob.uaid, code: 100 }])
})

test('a recipient acknowledges noise with 101 and receives nothing', async () => {
  const bob = service.subscribe()
  expect((await post(bob.endpoint, Buffer.from('noise'))).status).toBe(201)
  expect(bob.received).toEqual([])
  expect(service.events.ofType('ack')).toMatchObject([{ code: 101 }])
})

test('an offline recipient later reads the newest of a Topic, and nothing that expired', async () => {
  const bob = service.subscribe()
  bob.goOffline()
  await post(bob.endpoint, encrypt('chat', bob))
  await post(bob.endpoint, encrypt('short', bob), { ttl: '10' })
  await post(bob.endpoint, encrypt('ring', bob), { topic: 'call' })
  await post(bob.endpoint, encrypt('missed', bob), { topic: 'call' })
  await post(bob.endpoint, encrypt('never', bob), { ttl: '0' })
  now += 10_000
  bob.goOnline()
  expect(bob.received.map((push) => push.text)).toEqual(['missed', 'chat'])
})

test('a key that is none is refused by code', () => {
  expect(() => service.subscribe({ vapidPublicKey: 'AAAA' })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION' }),
  )
})

test('an expired or unsubscribed recipient answers 410', async () => {
  const [bob, carol] = [service.subscribe(), service.subscribe()]
  expect(service.expire(bob.endpoint)).toBe(true)
  expect(service.expire(bob.endpoint)).toBe(false)
  carol.unsubscribe()
  expect((await post(bob.endpoint)).status).toBe(410)
  expect((await post(carol.endpoint)).status).toBe(410)
  expect(service.events.ofType('refused')).toMatchObject([
    { status: 410, errno: 106 },
    { status: 410, errno: 106 },
  ])
})

test('the next n pushes get the answer a test asked for, then honest ones', async () => {
  const bob = service.subscribe()
  service.failWith(429, { retryAfter: 'Sat, 21 Nov 2026 00:00:30 GMT', times: 2 })
  service.failWith(503, { retryAfter: 7 })
  const statuses = []
  const waits = []
  for (let index = 0; index < 4; index += 1) {
    const answer = await post(bob.endpoint)
    statuses.push(answer.status)
    waits.push(answer.headers['retry-after'])
  }
  expect(statuses).toEqual([429, 429, 503, 201])
  const date = 'Sat, 21 Nov 2026 00:00:30 GMT'
  expect(waits).toEqual([date, date, '7', undefined])
  expect(bob.received).toHaveLength(1)
  expect(service.events.ofType('scripted')).toMatchObject([
    { status: 429, kind: 'status' },
    { status: 429 },
    { status: 503 },
  ])
})

test('an answer for one endpoint leaves the others alone, until it is taken back', async () => {
  const [bob, carol] = [service.subscribe(), service.subscribe()]
  const stop = service.failWith(404, { endpoint: bob.endpoint, times: Infinity })
  expect((await post(carol.endpoint)).status).toBe(201)
  expect((await post(bob.endpoint)).status).toBe(404)
  expect((await post(bob.endpoint)).status).toBe(404)
  stop()
  expect((await post(bob.endpoint)).status).toBe(201)
})

test('a row of the table can be asked for by name, and a redirect with its target', async () => {
  const bob = service.subscribe()
  service.answerNext({ kind: 'named', name: 'store-busy' })
  const busy = await post(bob.endpoint)
  expect(busy).toMatchObject({ status: 503, headers: { 'retry-after': '120' } })
  expect(JSON.parse(busy.body)).toMatchObject({ message: answers['store-busy'].message })
  service.answerNext({ kind: 'redirect', location: 'http://127.0.0.1:9/' })
  const moved = await post(bob.endpoint)
  expect(moved).toMatchObject({ status: 307, headers: { location: 'http://127.0.0.1:9/' } })
})

test('a held answer comes when the test lets it, and the push is accepted before', async () => {
  const bob = service.subscribe()
  const { promise, resolve } = Promise.withResolvers<void>()
  service.answerNext({ kind: 'hold', until: promise })
  const accepted = service.events.waitFor('push')
  let answered = false
  const answer = post(bob.endpoint).finally(() => {
    answered = true
  })
  await accepted
  expect(answered).toBe(false)
  resolve()
  expect((await answer).status).toBe(201)
})

test('never, drip and reset leave a sender without a whole answer', async () => {
  const bob = service.subscribe()
  service.answerNext({ kind: 'reset' })
  await expect(post(bob.endpoint)).rejects.toMatchObject({ code: 'ECONNRESET' })

  service.answerNext({ kind: 'never' })
  const seen = service.events.waitFor('scripted', (event) => event.kind === 'never')
  const silent = post(bob.endpoint)
  await seen

  service.answerNext({ kind: 'drip', everyMs: 1 })
  const dripping = await fetch(bob.endpoint, { method: 'POST', headers: { ttl: '1' } })
  expect(dripping.status).toBe(201)
  const reader = dripping.body?.getReader()
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toMatch(/^\.+$/)
  await reader?.cancel()

  const broken = expect(silent).rejects.toThrow('socket hang up')
  await service.close()
  await broken
  service = await startPushService()
})

test('with a certificate senders speak HTTPS while browsers keep their plain WebSocket', async () => {
  const secure = await startPushService({ tls: localhostCertificate, clock: () => now })
  const { browser, endpoint } = await subscribeBrowser(secure.webSocketUrl, sender.publicKey)
  expect(endpoint).toMatch(new RegExp(`^https://${secure.endpointHost}/wpush/v2/`))
  const token = sender.token({ aud: secure.endpointOrigin, exp: now / 1000 + 60 })
  const status = await new Promise((resolve, reject) => {
    const authorization = `vapid t=${token}, k=${sender.publicKey}`
    httpsRequest(endpoint, {
      method: 'POST',
      ca: localhostCertificate.cert,
      agent: false,
      headers: { ttl: '60', authorization, 'content-length': 0 },
    })
      .on('response', (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end()
  })
  expect(status).toBe(201)
  expect(await browser.read()).toMatchObject({ messageType: 'notification' })
  await secure.close()
})

test('endpoints can carry another origin than the one listened on', async () => {
  const proxied = await startPushService({ publicUrl: 'https://push.example.net/' })
  expect(proxied.endpointOrigin).toBe('https://push.example.net')
  expect(proxied.subscribe().endpoint).toMatch(/^https:\/\/push\.example\.net\/wpush\/v1\//)
  expect(proxied.endpointHost).toMatch(/^127\.0\.0\.1:\d+$/)
  await proxied.close()
})

test('a port that is taken is reported, and nothing is left open', async () => {
  const port = Number(service.endpointHost.split(':')[1])
  await expect(startPushService({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await expect(
    startPushService({ tls: localhostCertificate, webSocketPort: port }),
  ).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test('the command prints the settings for Firefox and Belfry, and a line for every push', async () => {
  let printed = ''
  const stdout = { write: (text: string) => (printed += text) }
  const started = await pushServiceCommand({ port: 0 }, { stdout })
  expect(printed).toContain(`user_pref("dom.push.serverURL", "${started.webSocketUrl}");`)
  expect(printed).toContain('user_pref("dom.push.testing.allowInsecureServerURL", true);')
  expect(printed).toContain('user_pref("dom.push.connection.enabled", true);')
  expect(printed).toContain(`PUSH_ALLOWED_HOSTS=${started.endpointHost}\n`)
  const bob = started.subscribe()
  await post(bob.endpoint, encrypt('secret', bob))
  expect(printed).toMatch(/push {5}201, 109 bytes, TTL 60, urgency normal\n/)
  expect(printed).not.toContain(bob.endpoint)
  await started.close()
})

test('with --json the first line holds the settings', async () => {
  const lines: string[] = []
  const stdout = { write: (text: string) => lines.push(text) }
  const started = await pushServiceCommand({ port: 0, json: true }, { stdout })
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    type: 'listening',
    webSocketUrl: started.webSocketUrl,
    endpointOrigin: started.endpointOrigin,
    firefoxPrefs: {
      'dom.push.serverURL': started.webSocketUrl,
      'dom.push.testing.allowInsecureServerURL': true,
      'dom.push.connection.enabled': true,
    },
    env: { PUSH_ALLOWED_HOSTS: started.endpointHost },
  })
  await post(started.subscribe().endpoint)
  expect(JSON.parse(lines[1] ?? '')).toEqual({ type: 'push', bytes: 0, ttl: 60 })
  await started.close()
})

test('closing ends connections that wait, and the port is free again', async () => {
  const { webSocketUrl } = service
  const { browser } = await subscribeBrowser(webSocketUrl, sender.publicKey)
  await service.close()
  expect(await browser.closed).toBe(1006)
  const refused = new Promise((resolve) => {
    get(webSocketUrl.replace('ws:', 'http:')).on('error', (error) => resolve(error))
  })
  expect(await refused).toMatchObject({ code: 'ECONNREFUSED' })
  service = await startPushService()
})
