import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startPushService, type Behaviour } from '../../test/loopback-push-service.ts'
import { chatPush, startSender } from '../../test/send-to-loopback.ts'
import { generateSubscriptionKeys } from '../encryption/generate-subscription-keys.ts'
import { createAllowedHosts } from '../subscription/allowed-hosts.ts'
import { generateVapidKeys } from '../vapid/generate-vapid-keys.ts'
import { createSender } from './create-sender.ts'

const MOZILLA = 'updates.push.services.mozilla.com'

const accepts: Behaviour = (_request, response) => response.writeHead(201).end()

test.each([
  [{ topic: 'short' }, 'TOPIC_INVALID'],
  [{ topic: '!'.repeat(32) }, 'TOPIC_INVALID'],
  [{ ttlSeconds: -1 }, 'TTL_INVALID'],
  [{ ttlSeconds: 1.5 }, 'TTL_INVALID'],
  [{ ttlSeconds: Number.NaN }, 'TTL_INVALID'],
  [{ ttlSeconds: 2 ** 31 }, 'TTL_INVALID'],
  [{ deadlineMs: 0 }, 'DEADLINE_INVALID'],
  [{ deadlineMs: Number.POSITIVE_INFINITY }, 'DEADLINE_INVALID'],
])('the mistake %j is found before anything is sent', async (fields, code) => {
  const service = await startPushService(accepts)
  const sender = startSender(service.port)
  await expect(sender.send(chatPush(MOZILLA, fields))).rejects.toMatchObject({ code })
  expect(service.connections()).toBe(0)
})

test.each([
  ['payload_too_large', { payload: 'x'.repeat(3994) }],
  [
    'subscription_invalid',
    { subscription: { endpoint: `https://${MOZILLA}/x`, p256dh: 'AAAA', auth: 'AAAA' } },
  ],
  [
    'endpoint_forbidden',
    { subscription: { endpoint: 'https://evil.example.com/x', ...generateSubscriptionKeys() } },
  ],
  ['endpoint_forbidden', { subscription: { endpoint: 'nonsense', ...generateSubscriptionKeys() } }],
])('a push that is %s is refused here, with a hint', async (reason, fields) => {
  const service = await startPushService(accepts)
  const sender = startSender(service.port)
  expect(await sender.send(chatPush(MOZILLA, fields))).toMatchObject({
    kind: 'rejected',
    reason,
    hint: expect.stringMatching(/\.$/),
  })
  expect(service.connections()).toBe(0)
})

test('a push service whose name leads into our network is refused at the dial', async () => {
  const sender = createSender({
    vapidKeys: [generateVapidKeys()],
    subject: 'mailto:push@belfry.example.com',
    egress: { resolver: async () => [{ address: '127.0.0.1', family: 4 }] },
  })
  onTestFinished(() => sender.close())
  expect(await sender.send(chatPush())).toMatchObject({
    kind: 'rejected',
    reason: 'address_forbidden',
  })
})

test("the operator's own push service may speak plain HTTP on a private address", async () => {
  const received: string[] = []
  const server = createServer((socket) => {
    socket.once('data', (data) => {
      received.push(data.toString('latin1').split('\r\n', 1)[0] ?? '')
      socket.end('HTTP/1.1 201 Created\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const sender = startSender(0, {
    egress: { allowedHosts: createAllowedHosts([`127.0.0.1:${port}`]) },
  })
  const message = chatPush()
  const subscription = { ...message.subscription, endpoint: `http://127.0.0.1:${port}/push/1` }
  expect(await sender.send({ ...message, subscription })).toMatchObject({ kind: 'accepted' })
  expect(received).toEqual(['POST /push/1 HTTP/1.1'])
})

test('a stored message is withdrawn by DELETE, but never at another origin', async () => {
  const service = await startPushService((request, response) => {
    response.writeHead(request.url === '/m/1' ? 204 : 500).end()
  })
  const sender = startSender(service.port)
  const endpoint = `https://${MOZILLA}/wpush/v2/x`
  expect(await sender.withdraw({ endpoint, location: `https://${MOZILLA}/m/1` })).toBe(true)
  expect(await sender.withdraw({ endpoint, location: `https://${MOZILLA}/m/2` })).toBe(false)
  expect(await sender.withdraw({ endpoint, location: 'https://fcm.googleapis.com/m/1' })).toBe(
    false,
  )
  expect(await sender.withdraw({ endpoint, location: 'http://127.0.0.1/m/1' })).toBe(false)
  expect(service.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'DELETE /m/1',
    'DELETE /m/2',
  ])
})

test('a closed sender says so', async () => {
  const sender = startSender(0)
  await sender.close()
  await expect(sender.send(chatPush())).rejects.toMatchObject({ code: 'SENDER_CLOSED' })
})
