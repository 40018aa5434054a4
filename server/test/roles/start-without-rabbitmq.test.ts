import { startPushService, type PushService } from '@belfry/push-service'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { generateSecrets } from '../../src/config/keys-file.ts'
import { missingServer, openDatabase, serverUrl, type TestDatabase } from '../mongodb/database.ts'
import { onChannel } from '../rabbitmq/raw-rabbitmq.ts'
import { startRabbitMq, whyNoRabbitMq, type RabbitMq } from '../rabbitmq/start-rabbitmq.ts'
import { at } from '../support/ask.ts'
import { runBelfryProcess, type BelfryProcess } from '../support/belfry-process.ts'
import { freePort } from '../support/free-port.ts'
import { openTab } from '../support/tab.ts'
import { signUp } from '../support/test-server.ts'

const missing = whyNoRabbitMq() ?? (serverUrl === null ? missingServer : null)
if (missing !== null) test.skip(`starts without RabbitMQ: ${missing}`, () => {})

const soon = { timeout: 30_000 }
const startsWithout =
  'RabbitMQ: not there, starting without it; what is accepted waits in the outbox. Start it, or correct RABBITMQ_URL'

describe.skipIf(missing !== null)('RabbitMQ at the start', { timeout: 90_000 }, () => {
  let rabbitMq: RabbitMq
  let database: TestDatabase
  let push: PushService

  beforeAll(async () => {
    rabbitMq = await startRabbitMq()
    database = await openDatabase('starts')
    push = await startPushService()
  }, 120_000)
  afterAll(async () => {
    await push.close()
    await database.drop()
    await rabbitMq.stop()
  })

  const keys = generateSecrets()
  async function start(
    role: string,
    rabbitMqUrl: string,
  ): Promise<{ belfry: BelfryProcess; url: string }> {
    const port = await freePort()
    const belfry = runBelfryProcess({
      args: ['start', '--roles', role],
      environment: {
        PORT: String(port),
        MONGODB_URL: database.url,
        RABBITMQ_URL: rabbitMqUrl,
        VAPID_PUBLIC_KEY: keys.vapidPublicKey,
        VAPID_PRIVATE_KEY: keys.vapidPrivateKey,
        JWT_SECRET: keys.jwtSecret,
        PUSH_ALLOWED_HOSTS: push.endpointHost,
      },
    })
    return { belfry, url: `http://127.0.0.1:${port}` }
  }
  async function health(url: string): Promise<{ alive: number; ready: number; missing: unknown }> {
    const [alive, ready] = await Promise.all([fetch(`${url}/healthz`), fetch(`${url}/readyz`)])
    const body: unknown = await ready.json()
    return { alive: alive.status, ready: ready.status, missing: at(body, 'missing') }
  }
  const green = { alive: 200, ready: 200, missing: undefined }
  const red = { alive: 200, ready: 503, missing: ['broker'] }
  /** Until the end of the test, unless it is ended before. */
  async function withoutRabbitMq(): Promise<() => Promise<void>> {
    await rabbitMq.ctl('stop_app')
    let back: Promise<unknown> | null = null
    const bring = async () => {
      back ??= rabbitMq.ctl('start_app')
      await back
    }
    onTestFinished(bring)
    return bring
  }
  function times(belfry: BelfryProcess, words: string): number {
    return belfry.output().split(words).length - 1
  }

  test('it is away: the API accepts all the same, a worker says that it waits, and all works once it is there', async () => {
    const bring = await withoutRabbitMq()
    const [api, worker] = [await start('api', rabbitMq.url), await start('web-push', rabbitMq.url)]
    for (const { belfry } of [api, worker]) {
      await belfry.printed('Belfry is running')
      await belfry.printed(startsWithout)
      expect(times(belfry, startsWithout)).toBe(1)
      expect(belfry.output()).toContain(`"host":"127.0.0.1:${rabbitMq.port}`)
    }
    expect(await health(api.url)).toEqual(green)
    expect(await health(worker.url)).toEqual(red)

    const [ana, bob] = [await signUp(api.url, push, 'ana'), await signUp(api.url, push, 'bob')]
    const { browser } = await bob.subscribe()
    const tab = await openTab(api.url, { token: bob.token })
    onTestFinished(() => tab.close())
    const conversation = await ana.ask('POST', '/api/conversations', { memberIds: [bob.id] })
    const path = `/api/conversations/${String(at(conversation.body, 'id'))}/messages`
    const pushed = browser.next()
    expect((await ana.ask('POST', path, { text: 'see you at eight?' })).status).toBe(201)

    await bring()
    expect(at((await pushed).json, 'notification', 'body')).toBe('see you at eight?')
    await expect.poll(() => health(worker.url), soon).toEqual(green)
    const heard = tab.next('chat.message', (payload) => at(payload, 'text') === 'and the score')
    expect((await ana.ask('POST', path, { text: 'and the score' })).status).toBe(201)
    await heard
    for (const { belfry } of [api, worker]) belfry.signal('SIGTERM')
    expect(await Promise.all([api.belfry.ended, worker.belfry.ended])).toEqual([0, 0])
  })

  test('a queue that is not ours is found once it is there: named as an error, and tried until it is deleted', async () => {
    const url = await rabbitMq.addVhost('mismatch')
    await onChannel(url, (channel) => channel.assertQueue('web-push.calls', { durable: true }))
    const bring = await withoutRabbitMq()
    const { belfry, url: worker } = await start('web-push', url)
    await belfry.printed('Belfry is running')
    await bring()
    await belfry.printed('RabbitMQ: cannot be used, trying again')
    expect(belfry.output()).toContain('rabbitmqctl delete_queue web-push.calls')
    expect(await health(worker)).toEqual(red)
    await onChannel(url, (channel) => channel.deleteQueue('web-push.calls'))
    await expect.poll(() => health(worker), soon).toEqual(green)
  })

  test('SIGTERM while it waits for it ends with 0', async () => {
    await withoutRabbitMq()
    const { belfry } = await start('api', rabbitMq.url)
    await belfry.printed('RabbitMQ: a connection is down, trying again')
    belfry.signal('SIGTERM')
    expect(await belfry.ended).toBe(0)
    expect(belfry.output()).not.toContain(startsWithout)
    expect(belfry.output()).not.toContain('Belfry is running')
  })

  test('a virtual host that is none ends the start with the command that makes it', async () => {
    const { belfry } = await start('api', `${rabbitMq.url}/nowhere`)
    expect(await belfry.ended).toBe(1)
    expect(belfry.output()).toContain('the virtual host "nowhere" of RABBITMQ_URL')
    expect(belfry.output()).toContain('rabbitmqctl add_vhost nowhere')
    expect(belfry.output()).toContain('[BROKER_REFUSED]')
  })
})
