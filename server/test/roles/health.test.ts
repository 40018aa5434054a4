import { startPushService, type PushService } from '@belfry/push-service'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { generateSecrets } from '../../src/config/keys-file.ts'
import { missingServer, openDatabase, serverUrl, type TestDatabase } from '../mongodb/database.ts'
import { openWireProxy, type WireProxy } from '../mongodb/wire-proxy.ts'
import { startRabbitMq, whyNoRabbitMq, type RabbitMq } from '../rabbitmq/start-rabbitmq.ts'
import { at } from '../support/ask.ts'
import { runBelfryProcess, type BelfryProcess } from '../support/belfry-process.ts'
import { freePort } from '../support/free-port.ts'
import { startTestServer } from '../support/test-server.ts'

const missing = whyNoRabbitMq() ?? (serverUrl === null ? missingServer : null)
if (missing !== null) test.skip(`health of roles: ${missing}`, () => {})

const soon = { timeout: 30_000 }
const raise = ['set_vm_memory_high_watermark', '0.00001'] as const
const clear = ['set_vm_memory_high_watermark', '0.4'] as const

describe.skipIf(missing !== null)('when RabbitMQ or MongoDB fails', { timeout: 90_000 }, () => {
  let rabbitMq: RabbitMq
  let database: TestDatabase
  let mongo: WireProxy
  let push: PushService

  beforeAll(async () => {
    rabbitMq = await startRabbitMq()
    database = await openDatabase('health')
    mongo = await openWireProxy(database.url)
    push = await startPushService()
  }, 120_000)
  afterAll(async () => {
    await push.close()
    await mongo.close()
    await database.drop()
    await rabbitMq.stop()
  })

  const keys = generateSecrets()
  const mongoUrl = () => mongo.url(new URL(database.url).pathname.slice(1))

  async function start(role: string, port = '0'): Promise<{ belfry: BelfryProcess; url: string }> {
    const belfry = runBelfryProcess({
      args: ['start', '--roles', role],
      environment: {
        PORT: port,
        MONGODB_URL: mongoUrl(),
        RABBITMQ_URL: rabbitMq.url,
        VAPID_PUBLIC_KEY: keys.vapidPublicKey,
        VAPID_PRIVATE_KEY: keys.vapidPrivateKey,
        JWT_SECRET: keys.jwtSecret,
      },
    })
    await belfry.printed('Belfry is running')
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(belfry.output()) ?? []
    return { belfry, url: url === '' ? `http://127.0.0.1:${port}` : url }
  }

  async function ready(url: string): Promise<{ status: number; body: unknown }> {
    const answer = await fetch(`${url}/readyz`)
    return { status: answer.status, body: await answer.json() }
  }
  const green = { status: 200, body: { status: 'ready' } }
  const red = (...names: string[]) => ({
    status: 503,
    body: { status: 'not ready', missing: names },
  })

  test('a worker tells its health on PORT, and nothing else', async () => {
    const { belfry, url } = await start('web-push')
    expect(belfry.output()).toContain(`its health: ${url}/readyz`)
    await expect.poll(() => ready(url), soon).toEqual(green)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toContain('belfry_queue_depth{queue="web-push.calls"} 0')
    for (const path of ['/', '/api/me', '/api/push/config', '/openapi.json']) {
      const answer = await fetch(`${url}${path}`)
      expect([path, answer.status]).toEqual([path, 404])
      expect(await answer.json()).toMatchObject({ code: 'NOT_FOUND' })
    }
    belfry.signal('SIGTERM')
    expect(await belfry.ended).toBe(0)
  })

  test('a worker whose port is taken says what to do', async () => {
    const port = String(await freePort())
    const first = await start('web-push', port)
    const second = runBelfryProcess({
      args: ['start', '--roles', 'web-push'],
      environment: {
        PORT: port,
        MONGODB_URL: mongoUrl(),
        RABBITMQ_URL: rabbitMq.url,
        VAPID_PUBLIC_KEY: keys.vapidPublicKey,
        VAPID_PRIVATE_KEY: keys.vapidPrivateKey,
        JWT_SECRET: keys.jwtSecret,
      },
    })
    expect(await second.ended).toBe(1)
    expect(second.output()).toContain(
      `127.0.0.1:${port} is taken by another program. Stop that one, or set PORT to a free port; PORT=0 takes any. [PORT_IN_USE]`,
    )
    await expect.poll(() => ready(first.url), soon).toEqual(green)
  })

  test('a worker is red while its broker or its store is gone, and green again by itself', async () => {
    const { url } = await start('web-push')
    await rabbitMq.ctl('stop_app')
    await expect.poll(() => ready(url), soon).toEqual(red('broker'))
    const metrics = await fetch(`${url}/metrics`)
    expect(metrics.status).toBe(200)
    expect(await metrics.text()).toContain('belfry_deliveries_total')
    await rabbitMq.ctl('start_app')
    await expect.poll(() => ready(url), soon).toEqual(green)

    await mongo.down()
    await expect.poll(() => ready(url), soon).toEqual(red('store'))
    await mongo.up()
    await expect.poll(() => ready(url), soon).toEqual(green)
  })

  test('an API process is ready without the broker, because it accepts; not without the store', async () => {
    const { url } = await start('api', String(await freePort()))
    await rabbitMq.ctl(...raise)
    onTestFinished(async () => void (await rabbitMq.ctl(...clear)))
    expect(await ready(url)).toEqual(green)
    await mongo.down()
    await expect.poll(() => ready(url), soon).toEqual(red('store'))
    await mongo.up()
    await expect.poll(() => ready(url), soon).toEqual(green)
  })

  test('while RabbitMQ takes no messages the API accepts, ends sessions, and what it accepted arrives afterwards', async () => {
    const server = await startTestServer({ environment: { RABBITMQ_URL: rabbitMq.url } })
    onTestFinished(() => server.close())
    const [ana, bob] = [await server.person('ana'), await server.person('bob')]
    const { browser } = await bob.subscribe()
    const conversation = await ana.ask('POST', '/api/conversations', { memberIds: [bob.id] })
    const path = `/api/conversations/${String(at(conversation.body, 'id'))}/messages`

    await rabbitMq.ctl(...raise)
    onTestFinished(async () => void (await rabbitMq.ctl(...clear)))
    // RabbitMQ tells so once somebody has published.
    await expect
      .poll(async () => {
        expect((await ana.ask('POST', path, { text: 'before' })).status).toBe(201)
        return ready(server.url)
      }, soon)
      .toEqual(red('broker'))
    const pushed = browser.next(({ json }) => at(json, 'notification', 'body') === 'at eight')
    expect((await ana.ask('POST', path, { text: 'at eight' })).status).toBe(201)
    const carla = await server.person('carla')
    expect((await carla.ask('POST', '/api/auth/logout', {})).status).toBe(204)

    await rabbitMq.ctl(...clear)
    await pushed
    await expect.poll(() => ready(server.url), soon).toEqual(green)
  })

  test('while MongoDB hangs or is gone the API says so within five seconds, and when to ask again', async () => {
    const server = await startTestServer({ environment: { MONGODB_URL: mongoUrl() } })
    onTestFinished(() => server.close())
    const [dora, emil] = [await server.person('dora'), await server.person('emil')]
    const conversation = await dora.ask('POST', '/api/conversations', { memberIds: [emil.id] })
    const path = `/api/conversations/${String(at(conversation.body, 'id'))}/messages`
    const post = async () => {
      const answer = await fetch(`${server.url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${dora.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ text: 'see you', clientMessageId: 'once' }),
        signal: AbortSignal.timeout(5500), // Five seconds, and half a one for a busy machine.
      })
      return {
        status: answer.status,
        retryAfter: answer.headers.get('retry-after'),
        code: at(await answer.json(), 'code'),
      }
    }
    const refused = { status: 503, retryAfter: '2', code: 'STORE_UNAVAILABLE' }
    mongo.freeze()
    expect(await post()).toEqual(refused)
    expect(await ready(server.url)).toEqual(red('store'))
    mongo.thaw()
    await mongo.down()
    expect(await post()).toEqual(refused)
    await mongo.up()
    await expect.poll(() => ready(server.url), soon).toEqual(green)
    expect((await post()).status).toBe(201)
  })
})
