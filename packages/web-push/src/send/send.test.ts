import { createPublicKey, verify } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { startPushService, type Behaviour } from '../../test/loopback-push-service.ts'
import { chatPush, startSender } from '../../test/send-to-loopback.ts'
import { decrypt } from '../encryption/decrypt.ts'
import { generateSubscriptionKeys } from '../encryption/generate-subscription-keys.ts'
import { generateVapidKeys } from '../vapid/generate-vapid-keys.ts'
import { vapidKeyId } from '../vapid/vapid-key-id.ts'

const MOZILLA = 'updates.push.services.mozilla.com'
const WINDOWS = 'wns2-par02p.notify.windows.com'

const accepts: Behaviour = (_request, response) => response.writeHead(201).end()

const answers =
  (status: number, text = '', headers: Record<string, string> = {}): Behaviour =>
  (_request, response) => {
    response.writeHead(status, headers).end(text)
  }

/** The claims of a VAPID header whose signature holds. */
const readVapid = (authorization = '') => {
  const [, signed = '', claims = '', signature = '', k = ''] =
    /^vapid t=([^.]+\.([^.]+))\.([^.,]+), k=(.+)$/.exec(authorization) ?? []
  const point = Buffer.from(k, 'base64url')
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.toString('base64url', 1, 33),
    y: point.toString('base64url', 33),
  }
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const isSigned = verify(
    'sha256',
    Buffer.from(signed),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  const read: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString())
  return { publicKey: k, isSigned, claims: read }
}

test('a push arrives encrypted for its device, signed for its service, with the headers of RFC 8030', async () => {
  const service = await startPushService(answers(201, '', { location: '/m/1' }))
  const vapid = generateVapidKeys()
  const now = Date.UTC(2026, 10, 21)
  const sender = startSender(service.port, { vapidKeys: [vapid], clock: () => now })
  const device = generateSubscriptionKeys()
  const topic = 'T'.repeat(32)
  const outcome = await sender.send({
    subscription: { endpoint: `https://${MOZILLA}/wpush/v2/gAAA?q=1`, ...device },
    payload: 'Ana is calling',
    ttlSeconds: 30,
    urgency: 'high',
    topic,
  })

  expect(outcome).toEqual({ kind: 'accepted', status: 201, location: `https://${MOZILLA}/m/1` })
  const [request] = service.requests
  expect(request).toMatchObject({ method: 'POST', url: '/wpush/v2/gAAA?q=1', servername: MOZILLA })
  expect(request?.headers).toMatchObject({
    host: MOZILLA,
    ttl: '30',
    urgency: 'high',
    topic,
    'content-encoding': 'aes128gcm',
    'content-length': String(86 + 14 + 17),
  })
  expect(request?.headers).not.toHaveProperty('x-wns-cache-policy')
  expect(decrypt({ body: request?.body ?? Buffer.alloc(0), ...device }).toString()).toBe(
    'Ana is calling',
  )
  expect(readVapid(request?.headers.authorization)).toEqual({
    publicKey: vapid.publicKey,
    isSigned: true,
    claims: {
      aud: `https://${MOZILLA}`,
      exp: now / 1000 + 43_200,
      sub: 'mailto:push@belfry.example.com',
    },
  })
})

test('Windows is told its cache policy, which must agree with the TTL', async () => {
  const service = await startPushService(accepts)
  const sender = startSender(service.port)
  await sender.send(chatPush(WINDOWS, { ttlSeconds: 60 }))
  await sender.send(chatPush(WINDOWS, { ttlSeconds: 0 }))
  expect(service.requests.map(({ headers }) => headers['x-wns-cache-policy'])).toEqual([
    'cache',
    'no-cache',
  ])
})

test('a row made with the previous key is sent with that key, and an unknown key is refused here', async () => {
  const service = await startPushService(accepts)
  const [current, previous] = [generateVapidKeys(), generateVapidKeys()]
  const sender = startSender(service.port, { vapidKeys: [current, previous] })
  await sender.send(chatPush())
  await sender.send(chatPush(MOZILLA, { vapidKey: vapidKeyId(previous.publicKey) }))
  await sender.send(chatPush(MOZILLA, { vapidKey: previous.publicKey }))
  const outcome = await sender.send(chatPush(MOZILLA, { vapidKey: 'forgotten' }))
  expect(outcome).toMatchObject({ kind: 'rejected', reason: 'vapid_key_unknown' })
  const used = service.requests.map(({ headers }) => readVapid(headers.authorization).publicKey)
  expect(used).toEqual([current.publicKey, previous.publicKey, previous.publicKey])
})

test('a hundred pushes in a row share two connections and one token', async () => {
  const service = await startPushService(accepts)
  const sender = startSender(service.port)
  for (let count = 0; count < 100; count++) await sender.send(chatPush())
  // undici rests a connection for one turn of the event loop, so the next push takes another.
  expect(service.connections()).toBeLessThanOrEqual(2)
  expect(new Set(service.requests.map(({ headers }) => headers.authorization)).size).toBe(1)
})

test('a 410 is gone and a 429 waits as long as it says', async () => {
  const service = await startPushService((request, response) => {
    if (request.url === '/gone') response.writeHead(410).end()
    else response.writeHead(429, { 'retry-after': '7' }).end()
  })
  const sender = startSender(service.port)
  expect(await sender.send(chatPush(MOZILLA, { path: '/gone' }))).toEqual({
    kind: 'gone',
    status: 410,
    reason: 'unsubscribed',
  })
  expect(await sender.send(chatPush())).toEqual({
    kind: 'retry',
    status: 429,
    reason: 'rate_limited',
    retryAfterMs: 7000,
    ambiguous: false,
  })
})

test('a redirect is not followed', async () => {
  const inside = await startPushService(accepts)
  const service = await startPushService(
    answers(307, '', { location: `https://127.0.0.1:${inside.port}/` }),
  )
  const sender = startSender(service.port)
  expect(await sender.send(chatPush())).toMatchObject({
    kind: 'retry',
    status: 307,
    reason: 'redirected',
  })
  expect(inside.requests).toHaveLength(0)
  expect(service.requests).toHaveLength(1)
})

test('proxy settings of the environment are ignored', async () => {
  const proxy = await startPushService(accepts)
  const service = await startPushService(accepts)
  const names = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY']
  for (const name of names) process.env[name] = `http://127.0.0.1:${proxy.port}`
  onTestFinished(() => {
    for (const name of names) delete process.env[name]
  })
  const sender = startSender(service.port)
  expect(await sender.send(chatPush())).toMatchObject({ kind: 'accepted' })
  expect(proxy.connections()).toBe(0)
})

test('a 401 for a token that has aged is answered by one new token and one new try', async () => {
  let now = Date.UTC(2026, 10, 21)
  let accepted = true
  const service = await startPushService((_request, response) => {
    response.writeHead(accepted ? 201 : 401).end()
    accepted = !accepted
  })
  const sender = startSender(service.port, { clock: () => now })
  await sender.send(chatPush())
  now += 3_600_000
  expect(await sender.send(chatPush())).toMatchObject({ kind: 'accepted' })
  const tokens = service.requests.map(({ headers }) => headers.authorization)
  expect(tokens).toHaveLength(3)
  expect(tokens[1]).toBe(tokens[0])
  expect(tokens[2]).not.toBe(tokens[0])
})

test('a second 401 is final, and a fresh token is not tried twice', async () => {
  let now = Date.UTC(2026, 10, 21)
  const service = await startPushService(
    answers(401, '{"code":401,"errno":109,"message":"Invalid VAPID audience"}'),
  )
  const sender = startSender(service.port, { clock: () => now })
  expect(await sender.send(chatPush())).toMatchObject({
    kind: 'rejected',
    status: 401,
    reason: 'unauthorized',
  })
  expect(service.requests).toHaveLength(1)
  now += 3_600_000
  expect(await sender.send(chatPush())).toMatchObject({
    kind: 'rejected',
    status: 401,
    reason: 'unauthorized',
  })
  expect(service.requests).toHaveLength(3)
})

test('a 401 that names another key is not tried twice', async () => {
  let now = Date.UTC(2026, 10, 21)
  const service = await startPushService(
    answers(401, '{"errno":109,"message":"VAPID public key mismatch"}'),
  )
  const sender = startSender(service.port, { clock: () => now })
  await sender.send(chatPush())
  now += 3_600_000
  expect(await sender.send(chatPush())).toMatchObject({ kind: 'rejected', reason: 'key_mismatch' })
  expect(service.requests).toHaveLength(2)
})
