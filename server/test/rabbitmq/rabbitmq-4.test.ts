import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { brokerConformance } from '../../src/broker/conformance.ts'
import { inbox } from '../../src/broker/conformance/inbox.ts'
import { chat, chatId, ring } from '../../src/broker/conformance/samples.ts'
import type { Broker } from '../../src/broker/port.ts'
import { openBroker, openLab } from './broker-lab.ts'
import { findRabbitMq4 } from './newer-debian/find-rabbitmq-4.ts'
import { deleteTopology, onChannel, putRaw } from './raw-rabbitmq.ts'
import { startRabbitMq, type RabbitMq } from './start-rabbitmq.ts'

// Debian 12 has 3.10, on which the other files run. Production should be 4.x, which counts deliveries otherwise.

const { XDG_CACHE_HOME } = process.env
const cacheDir =
  XDG_CACHE_HOME === undefined || XDG_CACHE_HOME === ''
    ? join(import.meta.dirname, '../../../node_modules/.cache/rabbitmq-4')
    : join(XDG_CACHE_HOME, 'belfry/rabbitmq-4')

const found = await findRabbitMq4(cacheDir)
if (typeof found === 'string') test.skip(`RabbitMQ 4: ${found}`, () => {})
else console.log(`RabbitMQ 4 tests use ${found.version}`)

describe.skipIf(typeof found === 'string')('against a real RabbitMQ 4', { timeout: 60_000 }, () => {
  let rabbitMq: RabbitMq

  beforeAll(async () => {
    if (typeof found !== 'string') rabbitMq = await startRabbitMq(found)
  }, 90_000)
  afterAll(() => rabbitMq.stop())

  async function open(): Promise<Broker> {
    await deleteTopology(rabbitMq.url)
    const broker = await openBroker(rabbitMq.url)
    onTestFinished(() => broker.close())
    return broker
  }

  test('it is a version 4', async () => {
    expect(await rabbitMq.ctl('version')).toMatch(/^4\./)
  })

  brokerConformance('RabbitMQ 4', () => openLab(rabbitMq.url))

  test('a message that ends its worker again and again is dead after twenty-one times', async () => {
    const broker = await open()
    await putRaw(rabbitMq.url, 'web-push.calls', JSON.stringify(ring))
    for (let deaths = 0; deaths <= 20; deaths += 1) {
      const takeAndDie = () =>
        onChannel(rabbitMq.url, async (channel) => {
          return (await channel.get('web-push.calls', { noAck: false })) !== false
        })
      await expect.poll(takeAndDie).toBe(true)
    }
    await expect
      .poll(() => broker.dead.list({ limit: 10 }), { timeout: 5000 })
      .toMatchObject({ letters: [{ queue: 'web-push.calls', event: { id: 'call:s1' } }] })
  })

  test('what it confirmed survives the power cut of its only node', async () => {
    const broker = await open()
    // RabbitMQ may lose a quorum queue whose node dies within two seconds of its declaration.
    await delay(3000)
    await broker.publish(chat(1))
    await rabbitMq.kill()
    await rabbitMq.restart()
    const worker = inbox()
    const consumer = broker.consume('web-push.chat', worker.handler, { prefetch: 1 })
    onTestFinished(() => consumer.stop())
    expect((await worker.got(1, chatId(1))).message).toEqual(chat(1))
  })
})
