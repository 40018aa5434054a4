import { startExpoService, type ExpoService } from '@belfry/expo-service'
import { startPushService, type PushService } from '@belfry/push-service'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { generateSecrets } from '../../src/config/keys-file.ts'
import { phoneOf } from '../delivery/phone-scene.ts'
import { missingServer, openDatabase, serverUrl, type TestDatabase } from '../mongodb/database.ts'
import { startRabbitMq, whyNoRabbitMq, type RabbitMq } from '../rabbitmq/start-rabbitmq.ts'
import { at } from '../support/ask.ts'
import { runBelfryProcess, type BelfryProcess } from '../support/belfry-process.ts'
import { freePort, freePorts } from '../support/free-port.ts'
import { openTab } from '../support/tab.ts'
import { signUp } from '../support/test-server.ts'

/** Every role a process of its own, two of each, on one RabbitMQ and one MongoDB. */
const missing = whyNoRabbitMq() ?? (serverUrl === null ? missingServer : null)
if (missing !== null) test.skip(`separate roles: ${missing}`, () => {})

describe.skipIf(missing !== null)('roles as processes', { timeout: 90_000 }, () => {
  let rabbitMq: RabbitMq
  let database: TestDatabase
  let push: PushService
  let expo: ExpoService

  beforeAll(async () => {
    rabbitMq = await startRabbitMq()
    database = await openDatabase('roles')
    push = await startPushService()
    expo = await startExpoService()
  }, 120_000)
  afterAll(async () => {
    await push.close()
    await expo.close()
    await database.drop()
    await rabbitMq.stop()
  })

  const keys = generateSecrets()
  async function start(role: string, port: number): Promise<BelfryProcess> {
    const belfry = runBelfryProcess({
      args: ['start', '--roles', role],
      environment: {
        NODE_ENV: 'test',
        PORT: String(port),
        MONGODB_URL: database.url,
        RABBITMQ_URL: rabbitMq.url,
        VAPID_PUBLIC_KEY: keys.vapidPublicKey,
        VAPID_PRIVATE_KEY: keys.vapidPrivateKey,
        JWT_SECRET: keys.jwtSecret,
        PUSH_ALLOWED_HOSTS: push.endpointHost,
        EXPO_PUSH_URL: expo.url,
        EXPO_RECEIPT_DELAY_SECONDS: '0',
        RING_TIMEOUT_SECONDS: '5',
      },
    })
    await belfry.printed('Belfry is running')
    return belfry
  }

  async function startAll() {
    const ports = await freePorts(2)
    // One after the other: the first makes queues and indexes, and two cores are no more than that.
    const apis: BelfryProcess[] = []
    for (const port of ports) apis.push(await start('api', port))
    const workers = [await start('web-push', 0), await start('web-push', 0)]
    const [first = '', second = ''] = ports.map((port) => `http://127.0.0.1:${port}`)
    return { first, second, apis, workers }
  }

  test('two people on two API nodes see each other, and a worker that dies is not missed', async () => {
    const { first, second, apis, workers } = await startAll()
    const ana = await signUp(first, push, 'ana')
    const bob = await signUp(second, push, 'bob')
    const tab = await openTab(second, { token: bob.token })
    onTestFinished(() => tab.close())
    const { browser } = await bob.subscribe()
    const conversation = await ana.ask('POST', '/api/conversations', { memberIds: [bob.id] })
    const path = `/api/conversations/${String(at(conversation.body, 'id'))}/messages`

    const [heard, pushed] = [tab.next('chat.message'), browser.next()]
    await ana.ask('POST', path, { text: 'see you at eight?' })
    expect(at(await heard, 'text')).toBe('see you at eight?')
    expect(at((await pushed).json, 'notification', 'body')).toBe('see you at eight?')

    workers[0]?.signal('SIGTERM')
    expect(await workers[0]?.ended).toBe(0)
    const again = browser.next()
    await ana.ask('POST', path, { text: 'and bring the score' })
    expect(at((await again).json, 'notification', 'body')).toBe('and bring the score')

    for (const belfry of [...apis, ...workers.slice(1)]) belfry.signal('SIGTERM')
    expect(await Promise.all(apis.map((api) => api.ended))).toEqual([0, 0])
  })

  test('a ring is answered at one node, and a ring that nobody answers becomes a missed call once', async () => {
    const { first, second } = await startAll()
    const carla = await signUp(first, push, 'carla')
    const dora = await signUp(second, push, 'dora')
    const { browser } = await dora.subscribe({ deviceName: 'Desk' })

    const ring = browser.next()
    const started = await carla.ask('POST', '/api/calls', { calleeIds: [dora.id], media: 'video' })
    expect(at((await ring).json, 'notification', 'title')).toBe('Carla is calling')
    const sessionId = String(at(started.body, 'sessionId'))
    const accepted = await dora.ask('POST', `/api/calls/${sessionId}/accept`)
    expect(at(accepted.body, 'state')).toBe('accepted')
    await carla.ask('POST', `/api/calls/${sessionId}/end`)

    const missed = browser.next((received) => at(received.json, 'type') === 'missed_call')
    const unanswered = await carla.ask('POST', '/api/calls', {
      calleeIds: [dora.id],
      media: 'audio',
    })
    expect(at((await missed).json, 'notification', 'title')).toBe('Missed call from Carla')
    const call = await carla.ask('GET', `/api/calls/${String(at(unanswered.body, 'sessionId'))}`)
    expect(at(call.body, 'state')).toBe('missed')
    const types = browser.received.map((received) => at(received.json, 'type'))
    expect(types.filter((type) => type === 'missed_call')).toHaveLength(1)
  })

  test('phones are reached by processes of their own, of which no two ask for one receipt', async () => {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    await start('api', port)
    const workers = [await start('expo-push', 0), await start('expo-push', 0)]
    const eve = await signUp(url, push, 'eve')
    const fay = await signUp(url, push, 'fay')
    const phones = await Promise.all(Array.from({ length: 5 }, () => phoneOf({ expo }, fay)))
    const conversation = await eve.ask('POST', '/api/conversations', { memberIds: [fay.id] })
    const path = `/api/conversations/${String(at(conversation.body, 'id'))}/messages`
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => eve.ask('POST', path, { text: `message ${n}` })),
    )
    const asked = () => expo.events.ofType('receipts').flatMap((event) => event.asked)
    await vi.waitFor(() => expect(asked()).toHaveLength(100), { timeout: 30_000, interval: 100 })
    expect(new Set(asked()).size).toBe(100)
    for (const { phone } of phones) {
      expect(phone.received).toHaveLength(20)
      expect(phone.visible).toHaveLength(1)
    }
    for (const worker of workers) worker.signal('SIGTERM')
    expect(await Promise.all(workers.map((worker) => worker.ended))).toEqual([0, 0])
    expect(asked()).toHaveLength(100)
  })
})
