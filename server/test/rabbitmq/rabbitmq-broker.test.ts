import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { BrokerUnavailableError } from '../../src/broker/broker-unavailable-error.ts'
import { brokerConformance } from '../../src/broker/conformance.ts'
import { inbox } from '../../src/broker/conformance/inbox.ts'
import { chat, chatId, delivery, ring } from '../../src/broker/conformance/samples.ts'
import type { Broker, Consumer, Notice } from '../../src/broker/port.ts'
import { rabbitMqDeadLetters } from '../../src/broker/rabbitmq/dead-letters.ts'
import type { RabbitMqBrokerOptions } from '../../src/broker/rabbitmq/rabbitmq-broker.ts'
import { eventsExchange } from '../../src/broker/rabbitmq/topology.ts'
import { openBroker, openLab } from './broker-lab.ts'
import { deadBodies, deleteTopology, onChannel, putRaw } from './raw-rabbitmq.ts'
import { openTestRabbitMq, whyNoTestRabbitMq, type TestRabbitMq } from './test-rabbitmq.ts'

const missing = whyNoTestRabbitMq()
if (missing !== null) test.skip(`RabbitMQ: ${missing}`, () => {})

describe.skipIf(missing !== null)('against a real RabbitMQ', () => {
  let rabbitMq: TestRabbitMq

  beforeAll(async () => {
    rabbitMq = await openTestRabbitMq()
  }, 90_000)
  afterAll(() => rabbitMq.stop())

  brokerConformance('RabbitMQ', () => openLab(rabbitMq.url))

  describe('RabbitMQ, beyond the port', { timeout: 30_000 }, () => {
    const one = { prefetch: 1 }

    beforeEach(() => deleteTopology(rabbitMq.url))

    async function open(options: Partial<RabbitMqBrokerOptions> = {}): Promise<Broker> {
      const broker = await openBroker(rabbitMq.url, options)
      onTestFinished(() => broker.close())
      return broker
    }
    function stopped(consumer: Consumer): void {
      onTestFinished(() => consumer.stop())
    }

    test('another backend publishes to the exchange, without any header of ours', async () => {
      const broker = await open()
      const worker = inbox()
      stopped(broker.consume('web-push.calls', worker.handler, one))
      await onChannel(rabbitMq.url, async (channel) => {
        channel.publish(eventsExchange, 'call.incoming', Buffer.from(JSON.stringify(ring)))
        await channel.waitForConfirms()
      })
      expect(await worker.got(1)).toMatchObject({ message: ring, redelivered: false })
    })

    test('a call waits longer than its only retry queue holds it, and its handler hears of it once', async () => {
      const broker = await open()
      const worker = inbox()
      stopped(broker.consume('web-push.calls', worker.handler, one))
      const startedMs = performance.now()
      await broker.retry('web-push.calls', delivery('late'), 2200)
      const late = await worker.got(1, 'late')
      expect(late.atMs - startedMs).toBeGreaterThanOrEqual(2199)
      expect(late.redelivered).toBe(false)
      expect(worker.received).toHaveLength(1)
    })

    test('what was published a day ago is dead, however often it was retried since', async () => {
      const yesterday = await open({ now: () => Date.now() - 24 * 3600 * 1000 })
      await yesterday.publish(chat(1))
      const broker = await open()
      await broker.publish(chat(2))
      const worker = inbox()
      stopped(broker.consume('web-push.chat', worker.handler, one))
      await worker.got(1, chatId(2))
      expect(worker.received).toHaveLength(1)
      expect((await broker.dead.list({ limit: 10 })).letters).toMatchObject([
        { reason: 'expired in the queue', queue: 'web-push.chat' },
      ])
    })

    test('a message whose handler throws twenty times is dead, and the reason names the error only', async () => {
      const broker = await open({ throwDelayMs: () => 0 })
      const worker = inbox(({ id }) => {
        if (id === chatId(1)) throw new TypeError('canary')
        return { kind: 'done' }
      })
      stopped(broker.consume('web-push.chat', worker.handler, one))
      await broker.publish(chat(1))
      await worker.got(20, chatId(1))
      await expect
        .poll(() => broker.dead.list({ limit: 10 }), { timeout: 5000 })
        .toMatchObject({
          letters: [
            {
              reason: 'its handler threw 20 times, at last TypeError',
              tries: 20,
              queue: 'web-push.chat',
            },
          ],
        })
      expect(worker.received).toHaveLength(20)
    })

    test('a message that ends its worker again and again is dead after twenty-one times', async () => {
      const broker = await open()
      await putRaw(rabbitMq.url, 'web-push.calls', JSON.stringify(ring))
      for (let deaths = 0; deaths <= 20; deaths += 1) {
        await expect
          .poll(() =>
            onChannel(rabbitMq.url, async (channel) => {
              const message = await channel.get('web-push.calls', { noAck: false })
              return message !== false // Never acknowledged: the worker died of it.
            }),
          )
          .toBe(true)
      }
      await expect
        .poll(() => broker.dead.list({ limit: 10 }), { timeout: 5000 })
        .toMatchObject({
          letters: [
            {
              queue: 'web-push.calls',
              reason: 'it ended the process of its worker again and again',
              event: { type: 'IncomingCallPushMessage', id: 'call:s1' },
              diedMs: expect.any(Number),
            },
          ],
        })
      expect(await deadBodies(rabbitMq.url)).toEqual([JSON.stringify(ring)])
    })

    test('the dead are looked at as often as one likes, and stay in their order', async () => {
      const broker = await open()
      const worker = inbox(() => ({ kind: 'dead', reason: 'given up' }))
      const consumer = broker.consume('web-push.chat', worker.handler, one)
      for (const n of [1, 2, 3]) await broker.publish(chat(n))
      await worker.got(3)
      await consumer.stop()
      for (let look = 0; look < 25; look += 1) {
        const { letters } = await broker.dead.list({ limit: 10 })
        expect(letters.map(({ event }) => event?.id)).toEqual([1, 2, 3].map(chatId))
      }
    })

    test('a lane that is not there leaves its dead where they are, and the others are replayed', async () => {
      const broker = await open()
      const worker = inbox(() => ({ kind: 'dead', reason: 'given up' }))
      const consumers = [
        broker.consume('web-push.chat', worker.handler, one),
        broker.consume('web-push.calls', worker.handler, one),
      ]
      await broker.publish(chat(1))
      await worker.got(1)
      await broker.publish(ring)
      await worker.got(2)
      await Promise.all(consumers.map((consumer) => consumer.stop()))
      await onChannel(rabbitMq.url, (channel) => channel.deleteQueue('web-push.chat'))
      await expect(broker.dead.replay({ ids: 'all' })).rejects.toMatchObject({
        code: 'BROKER_UNAVAILABLE',
        message: expect.stringContaining('it has no queue "web-push.chat"'),
      })
      const { letters } = await broker.dead.list({ limit: 10 })
      expect(letters.map(({ event }) => event?.id)).toEqual([chatId(1)])
    })

    test('where no Belfry has run, it is said that there is no queue of the dead', async () => {
      const dead = rabbitMqDeadLetters({ url: rabbitMq.url, now: Date.now })
      await expect(dead.list({ limit: 1 })).rejects.toMatchObject({
        message: expect.stringContaining('no Belfry has run there: is RABBITMQ_URL right?'),
      })
    })

    test('a RabbitMQ that cannot be reached is named, without its password', async () => {
      const url = 'amqp://belfry:canary@127.0.0.1:1/test'
      const dead = rabbitMqDeadLetters({ url, now: Date.now })
      const refused: unknown = await dead.replay({ ids: 'all' }).catch((cause: unknown) => cause)
      expect(refused).toMatchObject({
        code: 'BROKER_UNAVAILABLE',
        message: expect.stringMatching(
          /replay what is dead at 127\.0\.0\.1:1\/test: .*ECONNREFUSED/,
        ),
      })
      expect(String(refused)).not.toContain('canary')
    })

    test('a broadcast reaches every process', async () => {
      const [here, there] = [await open(), await open()]
      const heard = Promise.all(
        [here, there].map(
          (broker) => new Promise<Notice>((resolve) => void broker.onBroadcast(resolve)),
        ),
      )
      const notice = { kind: 'session_ended', sid: 's' } as const
      await here.broadcast(notice)
      expect(await heard).toEqual([notice, notice])
    })

    test('a thousand publishes at once are all confirmed, though only a window of them is under way', async () => {
      const broker = await open({ window: 16 })
      await Promise.all(Array.from({ length: 1000 }, (_, n) => broker.publish(chat(n))))
      await expect
        .poll(() => broker.depth())
        .toMatchObject({ 'web-push.chat': 1000, 'web-push.calls': 0 })
    })

    test('after its close a broker takes nothing more, and says so at once', async () => {
      const broker = await openBroker(rabbitMq.url)
      await broker.close()
      const startedMs = performance.now()
      await expect(broker.publish(chat(1))).rejects.toThrow(BrokerUnavailableError)
      await expect(broker.ping()).rejects.toThrow(BrokerUnavailableError)
      expect(performance.now() - startedMs).toBeLessThan(1000)
    })
  })
})
