import type { Channel } from 'amqplib'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { BrokerUnavailableError } from '../../src/broker/broker-unavailable-error.ts'
import { gate, inbox } from '../../src/broker/conformance/inbox.ts'
import { chat, chatId, ring } from '../../src/broker/conformance/samples.ts'
import type { Broker, Consumer } from '../../src/broker/port.ts'
import { declareTopology } from '../../src/broker/rabbitmq/declare-topology.ts'
import type { RabbitMqBrokerOptions } from '../../src/broker/rabbitmq/rabbitmq-broker.ts'
import { routingKeys } from '../../src/broker/rabbitmq/topology.ts'
import { TopologyMismatchError } from '../../src/broker/rabbitmq/topology-error.ts'
import { isFulfilled, openBroker, silent, through } from './broker-lab.ts'
import { deleteTopology, onChannel } from './raw-rabbitmq.ts'
import { startRabbitMq, whyNoRabbitMq, type RabbitMq } from './start-rabbitmq.ts'
import { tcpProxy, type TcpProxy } from './tcp-proxy.ts'

const missing = whyNoRabbitMq()
if (missing !== null) test.skip(`RabbitMQ: ${missing}`, () => {})

describe.skipIf(missing !== null)('when RabbitMQ fails', { timeout: 60_000 }, () => {
  let rabbitMq: RabbitMq
  const one = { prefetch: 1 }
  const soon = { timeout: 15_000 }

  beforeAll(async () => {
    rabbitMq = await startRabbitMq()
  }, 90_000)
  afterAll(() => rabbitMq.stop())
  beforeEach(() => deleteTopology(rabbitMq.url))

  async function open(options: Partial<RabbitMqBrokerOptions> = {}): Promise<Broker> {
    const broker = await openBroker(rabbitMq.url, options)
    onTestFinished(() => broker.close())
    return broker
  }
  async function openThroughProxy(
    options: Partial<RabbitMqBrokerOptions> = {},
  ): Promise<{ broker: Broker; proxy: TcpProxy }> {
    const proxy = await tcpProxy(rabbitMq.port)
    onTestFinished(() => proxy.close())
    const url = `${through(proxy, rabbitMq.url)}?heartbeat=1`
    return { proxy, broker: await open({ url, ...options }) }
  }
  function stopped(consumer: Consumer): void {
    onTestFinished(() => consumer.stop())
  }
  /** As the outbox does: the same event again until it is confirmed. */
  async function insist(broker: Broker, n: number): Promise<void> {
    for (;;) {
      try {
        return await broker.publish(chat(n))
      } catch (cause) {
        if (!(cause instanceof BrokerUnavailableError)) throw cause
        await delay(20)
      }
    }
  }

  test('killed under load, it loses nothing that was confirmed; what was in hand comes again', async () => {
    const broker = await open()
    // RabbitMQ may lose a quorum queue whose node dies within two seconds of its declaration.
    await delay(3000)
    const hold = gate()
    const worker = inbox(({ id }) => (id === chatId(3) ? hold.verdict : { kind: 'done' }))
    stopped(broker.consume('web-push.chat', worker.handler, { prefetch: 64 }))
    const total = 3000
    let next = 0
    let confirmed = 0
    const half = Promise.withResolvers<void>()
    const load = Array.from({ length: 64 }, async () => {
      while (next < total) {
        const n = next
        next += 1
        await insist(broker, n)
        confirmed += 1
        if (confirmed === total / 2) half.resolve()
      }
    })
    await half.promise
    await rabbitMq.kill()
    expect(confirmed).toBeLessThan(total)
    await rabbitMq.restart()
    const upMs = performance.now()
    await expect
      .poll(
        () =>
          broker.ping().then(
            () => true,
            () => false,
          ),
        soon,
      )
      .toBe(true)
    expect(performance.now() - upMs).toBeLessThan(10_000)
    await Promise.all(load)
    await Promise.all(Array.from({ length: total }, (_, n) => worker.got(1, chatId(n))))
    expect((await worker.got(2, chatId(3))).redelivered).toBe(true)
    hold.open({ kind: 'done' })
  })

  test('all its connections closed by the operator: everybody is back, nothing is lost', async () => {
    const broker = await open()
    const worker = inbox()
    stopped(broker.consume('web-push.chat', worker.handler, { prefetch: 10 }))
    await insist(broker, 1)
    await worker.got(1, chatId(1))
    await rabbitMq.ctl('close_all_connections', 'maintenance')
    await Promise.all([2, 3, 4].map((n) => insist(broker, n)))
    await Promise.all([2, 3, 4].map((n) => worker.got(1, chatId(n))))
    await expect
      .poll(
        () =>
          broker.ping().then(
            () => true,
            () => false,
          ),
        soon,
      )
      .toBe(true)
    await expect.poll(() => broker.depth(), soon).toMatchObject({ 'web-push.chat': 0 })
    const heard = new Promise((resolve) => void broker.onBroadcast(resolve))
    await broker.broadcast({ kind: 'session_ended', sid: 's' })
    expect(await heard).toEqual({ kind: 'session_ended', sid: 's' })
  })

  test.each([
    {
      alarm: 'disk',
      raise: ['set_disk_free_limit', '900GB'],
      clear: ['set_disk_free_limit', '50MB'],
    },
    {
      alarm: 'memory',
      raise: ['set_vm_memory_high_watermark', '0.00001'],
      clear: ['set_vm_memory_high_watermark', '0.4'],
    },
  ])(
    'while its $alarm alarm lasts publishing fails in time, workers go on, and it heals by itself',
    async ({ raise, clear }) => {
      const broker = await open({ confirmWithinMs: 500 })
      await broker.publish(chat(1))
      await broker.publish(chat(2))
      await rabbitMq.ctl(...raise)
      onTestFinished(async () => void (await rabbitMq.ctl(...clear)))
      await expect
        .poll(
          () =>
            broker.ping().then(
              () => true,
              () => false,
            ),
          soon,
        )
        .toBe(false)
      const startedMs = performance.now()
      await expect(broker.publish(chat(3))).rejects.toThrow(BrokerUnavailableError)
      expect(performance.now() - startedMs).toBeLessThan(1500)
      const worker = inbox()
      stopped(broker.consume('web-push.chat', worker.handler, one))
      await Promise.all([1, 2].map((n) => worker.got(1, chatId(n))))
      await expect.poll(() => broker.depth(), soon).toMatchObject({ 'web-push.chat': 0 })
      await rabbitMq.ctl(...clear)
      await expect
        .poll(
          () =>
            broker.ping().then(
              () => true,
              () => false,
            ),
          soon,
        )
        .toBe(true)
      await broker.publish(chat(4))
      await worker.got(1, chatId(4))
    },
  )

  test('a publish that waits when the alarm ends in time is confirmed', async () => {
    const broker = await open({ confirmWithinMs: 20_000 })
    await rabbitMq.ctl('set_disk_free_limit', '900GB')
    onTestFinished(async () => void (await rabbitMq.ctl('set_disk_free_limit', '50MB')))
    const waiting = Promise.all([1, 2, 3].map((n) => broker.publish(chat(n))))
    await rabbitMq.ctl('set_disk_free_limit', '50MB')
    await expect(waiting).resolves.toHaveLength(3)
  })

  test('a queue that was deleted is declared again, and its worker goes on', async () => {
    const broker = await open()
    const worker = inbox()
    stopped(broker.consume('web-push.chat', worker.handler, one))
    await broker.publish(chat(1))
    await worker.got(1)
    await onChannel(rabbitMq.url, (channel) => channel.deleteQueue('web-push.chat'))
    await insist(broker, 2)
    await worker.got(1, chatId(2))
  })

  test('a queue deleted and declared again behind its back: the worker subscribes anew', async () => {
    const broker = await open({ renewIdleMs: 300 })
    const worker = inbox()
    stopped(broker.consume('web-push.chat', worker.handler, one))
    await broker.publish(chat(1))
    await worker.got(1)
    await onChannel(rabbitMq.url, async (channel) => {
      await channel.deleteQueue('web-push.chat')
      await declareTopology(channel)
    })
    await broker.publish(chat(2))
    await worker.got(1, chatId(2))
  })

  test.each<[string, (channel: Channel) => Promise<unknown>, string]>([
    [
      'one of its queues is gone',
      (channel) => channel.deleteQueue('web-push.calls'),
      'not every queue is there',
    ],
    [
      'nothing leads to its queues',
      async (channel) => {
        for (const queue of ['web-push.calls', 'expo-push.calls'])
          await channel.unbindQueue(queue, 'belfry.events', routingKeys.IncomingCallPushMessage)
      },
      'no queue took it',
    ],
  ])(
    'an event is not confirmed when %s, and all is there for the next attempt',
    async (_what, damage, says) => {
      const broker = await open()
      await onChannel(rabbitMq.url, damage)
      await expect(broker.publish(ring)).rejects.toThrow(says)
      await expect.poll(() => isFulfilled(broker.publish(ring)), soon).toBe(true)
      const depth = async () => (await broker.depth())['web-push.calls']
      // An attempt that was refused may be stored all the same.
      await expect.poll(depth, soon).toBeGreaterThanOrEqual(1)
    },
  )

  test('the exchange deleted: it is declared again', async () => {
    const broker = await open()
    await onChannel(rabbitMq.url, (channel) => channel.deleteExchange('belfry.events'))
    await expect(broker.publish(chat(1))).rejects.toThrow(BrokerUnavailableError)
    await expect.poll(() => isFulfilled(broker.publish(chat(1))), soon).toBe(true)
  })

  test('a retry whose queue is missing is kept until the queue is there again', async () => {
    const broker = await open()
    const worker = inbox(({ redelivered }) =>
      redelivered ? { kind: 'done' } : { kind: 'retry', afterMs: 1000 },
    )
    stopped(broker.consume('web-push.chat', worker.handler, one))
    await onChannel(rabbitMq.url, (channel) => channel.deleteQueue('web-push.chat.retry.1s'))
    await broker.publish(chat(1))
    expect((await worker.got(2, chatId(1))).redelivered).toBe(true)
  })

  test('a queue of that name with other properties: it does not start, and says what to do', async () => {
    await onChannel(rabbitMq.url, (channel) =>
      channel.assertQueue('web-push.calls', { durable: true }),
    )
    const failure: unknown = await openBroker(rabbitMq.url).catch((cause: unknown) => cause)
    expect(failure).toBeInstanceOf(TopologyMismatchError)
    expect(failure).toMatchObject({
      subject: 'web-push.calls',
      message: expect.stringContaining('rabbitmqctl delete_queue web-push.calls'),
    })
  })

  test('a queue that it cannot serve is reported by name, the other lane goes on, and it heals', async () => {
    const errors: unknown[] = []
    const log = { ...silent, error: (fields: unknown) => void errors.push(fields) }
    const broker = await open({ log, sickAfterMs: 0, confirmWithinMs: 1000 })
    await rabbitMq.ctl('eval', ra('stop_server(quorum_queues, Pid)'))
    const [chats, calls] = [inbox(), inbox()]
    stopped(broker.consume('web-push.chat', chats.handler, one))
    stopped(broker.consume('web-push.calls', calls.handler, one))
    await broker.publish(ring)
    await calls.got(1)
    await expect
      .poll(() => errors, soon)
      .toMatchObject([{ queue: 'web-push.chat', err: { code: 'BROKER_QUEUE_DEAD' } }])
    await expect(broker.ping()).rejects.toThrow(BrokerUnavailableError)
    await rabbitMq.ctl('eval', ra('restart_server(quorum_queues, Pid)'))
    await insist(broker, 1)
    await chats.got(1, chatId(1))
    expect(calls.received).toHaveLength(1)
  })

  test('the line goes dead without a word: publishing fails in time, and another line is found', async () => {
    const { broker, proxy } = await openThroughProxy({ confirmWithinMs: 500 })
    const worker = inbox()
    stopped(broker.consume('web-push.chat', worker.handler, one))
    await broker.publish(chat(1))
    await worker.got(1)
    proxy.swallow()
    await expect(broker.publish(chat(2))).rejects.toThrow(BrokerUnavailableError)
    proxy.heal()
    await insist(broker, 3)
    await worker.got(1, chatId(3))
  })

  test('every byte in a packet of its own is as good', async () => {
    const { broker, proxy } = await openThroughProxy()
    proxy.sliceBytes()
    const worker = inbox()
    stopped(broker.consume('web-push.chat', worker.handler, { prefetch: 10 }))
    await Promise.all([1, 2, 3, 4, 5].map((n) => broker.publish(chat(n))))
    await Promise.all([1, 2, 3, 4, 5].map((n) => worker.got(1, chatId(n))))
  })

  test('the line cut in the middle of an answer loses nothing', async () => {
    const { broker, proxy } = await openThroughProxy()
    const pending = Array.from({ length: 200 }, (_, n) => broker.publish(chat(n)))
    const settled = Promise.allSettled(pending)
    await proxy.cut()
    const answers = await settled
    const next = await open()
    const worker = inbox()
    stopped(next.consume('web-push.chat', worker.handler, { prefetch: 100 }))
    const kept = answers.flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []))
    await Promise.all(kept.map((n) => worker.got(1, chatId(n))))
    expect(answers.some(({ status }) => status === 'rejected')).toBe(true)
  })

  /** Something about the Raft server of the chat lane. */
  function ra(call: string): string {
    return (
      '{ok, Q} = rabbit_amqqueue:lookup(rabbit_misc:r(<<"/">>, queue, <<"web-push.chat">>)), ' +
      `Pid = amqqueue:get_pid(Q), ra:${call}.`
    )
  }
})
