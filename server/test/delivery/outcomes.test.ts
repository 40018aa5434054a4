import { expect, test, vi } from 'vitest'
import { generateVapidKeys } from '@belfry/web-push'
import { at } from '../support/test-server.ts'
import { askedFor, bodyOf, conversationOf, say, startScene } from './scene.ts'

vi.setConfig({ testTimeout: 30_000 })

test.each([404, 410])('a %i forgets the device, once, and is not retried', async (status) => {
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const gone = await bob.subscribe({ deviceName: 'Gone' })
  const kept = await bob.subscribe({ deviceName: 'Kept' })
  server.push.failWith(status, { endpoint: gone.browser.endpoint, times: Infinity })
  const arrived = kept.browser.next((push) => bodyOf(push) === 'second')

  const subjectId = await conversationOf(ana, bob)
  await say(ana, subjectId, 'first')
  await ledger.settled({ subjectId })
  await say(ana, subjectId, 'second')
  await arrived

  expect(askedFor(server, gone.browser.endpoint)).toHaveLength(1)
  expect(ledger.rows({ subjectId }).filter((row) => row.deviceRowId === gone.id)).toMatchObject([
    { state: 'gone', status, attempts: 1 },
  ])
  const devices = await bob.ask('GET', '/api/push-subscriptions')
  expect(at(devices.body, 'subscriptions', 0, 'deviceName')).toBe('Kept')
  expect(at(devices.body, 'subscriptions', 1)).toBeUndefined()
})

test('when every device answers that another key made it, none is forgotten', async () => {
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  // A push service that holds every push against another key than the server's.
  const foreign = generateVapidKeys().publicKey
  for (const deviceId of ['one', 'two', 'three']) {
    const browser = server.push.subscribe({ vapidPublicKey: foreign })
    await bob.ask('POST', '/api/push-subscriptions', { ...browser.toJSON(), deviceId })
  }
  const subjectId = await conversationOf(ana, bob)
  await say(ana, subjectId, 'hello')
  const rows = await ledger.settled({ subjectId })
  expect(rows.map((row) => [row.state, row.reason, row.status])).toEqual(
    Array.from({ length: 3 }, () => ['rejected', 'key_mismatch', 401]),
  )
  const devices = await bob.ask('GET', '/api/push-subscriptions')
  expect(at(devices.body, 'subscriptions', 2, 'lastError')).toMatch(/another key/)
})

test('a device made with another key is forgotten once the same push service took our key from another device', async () => {
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const good = await bob.subscribe({ deviceName: 'Good' })
  const subjectId = await conversationOf(ana, bob)
  const arrived = good.browser.next()
  await say(ana, subjectId, 'this one is accepted')
  await arrived
  await ledger.settled({ subjectId })

  const stray = server.push.subscribe({ vapidPublicKey: generateVapidKeys().publicKey })
  await bob.ask('POST', '/api/push-subscriptions', { ...stray.toJSON(), deviceId: 'stray' })
  await say(ana, subjectId, 'this one shows the mismatch')
  await vi.waitFor(() => {
    expect(ledger.rows({ subjectId })).toContainEqual(
      expect.objectContaining({ state: 'gone', reason: 'key_mismatch' }),
    )
  })
  const devices = await bob.ask('GET', '/api/push-subscriptions')
  expect(at(devices.body, 'subscriptions', 0, 'deviceName')).toBe('Good')
  expect(at(devices.body, 'subscriptions', 1)).toBeUndefined()
})

test.each([401, 403])('a plain %i keeps the device and says what is wrong', async (status) => {
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const { browser } = await bob.subscribe()
  server.push.failWith(status, { endpoint: browser.endpoint, times: Infinity })
  const subjectId = await conversationOf(ana, bob)
  await say(ana, subjectId, 'hello')
  expect(await ledger.settled({ subjectId })).toMatchObject([{ state: 'rejected', status }])
  const devices = await bob.ask('GET', '/api/push-subscriptions')
  expect(at(devices.body, 'subscriptions', 0, 'lastError')).toMatch(/operator/)
})

test('after a 413 the message goes once more with at most 700 bytes, and then no more', async () => {
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const { browser } = await bob.subscribe()
  const subjectId = await conversationOf(ana, bob)

  server.push.failWith(413, { endpoint: browser.endpoint })
  const arrived = browser.next()
  await say(ana, subjectId, 'long '.repeat(1000))
  const { text, json } = await arrived
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(700)
  expect(at(json, 'notification', 'body')).toMatch(/^long long .*…$/)
  expect(await ledger.settled({ subjectId })).toMatchObject([{ state: 'accepted', attempts: 1 }])

  server.push.failWith(413, { endpoint: browser.endpoint, times: Infinity })
  await say(ana, subjectId, 'once more')
  const rows = await ledger.settled({ subjectId }, 2)
  expect(rows).toContainEqual(
    expect.objectContaining({ state: 'rejected', reason: 'payload_too_large', status: 413 }),
  )
  expect(askedFor(server, browser.endpoint)).toHaveLength(4)
})

test.each([
  ['seconds', () => '2', 1900],
  ['an HTTP date', () => new Date(Date.now() + 3000).toUTCString(), 1900],
  ['something that cannot be read', () => 'soon', 700],
  ['a negative number', () => '-5', 700],
])(
  '429 with Retry-After as %s is waited for, then the message arrives once',
  async (_kind, retryAfter, leastMs) => {
    const { server, ledger } = await startScene()
    const ana = await server.person('ana')
    const bob = await server.person('bob')
    const { browser } = await bob.subscribe()
    const subjectId = await conversationOf(ana, bob)
    server.push.failWith(429, { endpoint: browser.endpoint, retryAfter: retryAfter() })
    const arrived = browser.next()
    await say(ana, subjectId, 'hello')
    await arrived
    const [refused, taken, ...more] = askedFor(server, browser.endpoint)
    expect((taken?.receivedAt ?? 0) - (refused?.receivedAt ?? 0)).toBeGreaterThan(leastMs)
    expect(more).toEqual([])
    expect(await ledger.settled({ subjectId })).toMatchObject([{ state: 'accepted', attempts: 2 }])
  },
)

test('429 with a Retry-After of ten years ends the message, and delays no other device', async () => {
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const silenced = await bob.subscribe()
  const other = await bob.subscribe()
  const { endpoint } = silenced.browser
  server.push.failWith(429, { endpoint, retryAfter: 315_360_000 })
  const subjectId = await conversationOf(ana, bob)
  const arrived = other.browser.next()
  await say(ana, subjectId, 'hello')
  await arrived
  const rows = await ledger.settled({ subjectId })
  expect(rows.find((row) => row.deviceRowId === silenced.id)).toMatchObject({
    state: 'expired',
    reason: 'rate_limited',
  })
})

test('Retry-After binds the endpoint: a ring is not sent to it before, and other devices ring', async () => {
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const limited = await bob.subscribe()
  const other = await bob.subscribe()
  server.push.failWith(429, { endpoint: limited.browser.endpoint, retryAfter: 120 })
  const conversationId = await conversationOf(ana, bob)
  const chatted = other.browser.next()
  await say(ana, conversationId, 'hello')
  await chatted
  await vi.waitFor(() => expect(askedFor(server, limited.browser.endpoint)).toHaveLength(1))
  await vi.waitFor(() =>
    expect(ledger.rows({ subjectId: conversationId })).toContainEqual(
      expect.objectContaining({ state: 'retry', reason: 'rate_limited' }),
    ),
  )

  const rang = other.browser.next()
  const call = await ana.ask('POST', '/api/calls', { calleeIds: [bob.id], media: 'audio' })
  await rang
  const rows = await ledger.settled({ subjectId: String(at(call.body, 'sessionId')) })
  expect(rows.find((row) => row.deviceRowId === limited.id)).toMatchObject({
    state: 'expired',
    reason: 'endpoint_asked_to_wait',
  })
  expect(askedFor(server, limited.browser.endpoint)).toHaveLength(1)
})

test('a push service that is down and comes back gets the message once', async () => {
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const { browser } = await bob.subscribe()
  server.push.failWith(503, { endpoint: browser.endpoint })
  server.push.answerNext({ kind: 'reset' }, { endpoint: browser.endpoint })
  const subjectId = await conversationOf(ana, bob)
  const arrived = browser.next()
  await say(ana, subjectId, 'hello')
  await arrived
  expect(await ledger.settled({ subjectId })).toMatchObject([{ state: 'accepted', attempts: 3 }])
  expect(browser.received).toHaveLength(1)
})

test('a 201 that is lost on the way is asked again under the same id and Topic', async () => {
  const { server, ledger } = await startScene()
  const ana = await server.person('ana')
  const bob = await server.person('bob')
  const { browser } = await bob.subscribe()
  const subjectId = await conversationOf(ana, bob)
  // The push service takes it, and its answer does not come before the deadline.
  const { promise: never, resolve } = Promise.withResolvers<null>()
  server.push.answerNext({ kind: 'hold', until: never }, { endpoint: browser.endpoint })
  const second = browser.next(() => browser.received.length === 2)
  await say(ana, subjectId, 'hello')
  await second
  resolve(null)
  const [first, again] = browser.received
  expect(again?.topic).toBe(first?.topic)
  expect(at(again?.json, 'notification', 'data', 'id')).toBe(
    at(first?.json, 'notification', 'data', 'id'),
  )
  expect(await ledger.settled({ subjectId })).toMatchObject([{ state: 'accepted', attempts: 2 }])
})
