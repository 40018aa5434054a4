import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { inbox } from '../../src/broker/conformance/inbox.ts'
import { chat, chatId } from '../../src/broker/conformance/samples.ts'
import type { Broker } from '../../src/broker/port.ts'
import { rabbitMqDeadLetters } from '../../src/broker/rabbitmq/dead-letters.ts'
import { runBelfryProcess } from '../support/belfry-process.ts'
import { openBroker, through } from './broker-lab.ts'
import { deleteTopology, putDead } from './raw-rabbitmq.ts'
import { startRabbitMq, whyNoRabbitMq, type RabbitMq } from './start-rabbitmq.ts'
import { tcpProxy } from './tcp-proxy.ts'

const missing = whyNoRabbitMq()
if (missing !== null) test.skip(`RabbitMQ: ${missing}`, () => {})

describe.skipIf(missing !== null)('the dead of a real RabbitMQ', { timeout: 60_000 }, () => {
  let rabbitMq: RabbitMq
  const all = Array.from({ length: 150 }, (_, n) => chatId(n))

  beforeAll(async () => {
    rabbitMq = await startRabbitMq()
  }, 90_000)
  afterAll(() => rabbitMq.stop())
  beforeEach(() => deleteTopology(rabbitMq.url))

  /** A broker, and so many dead in its lane of chat. */
  async function openWithDead(count: number): Promise<Broker> {
    const broker = await openBroker(rabbitMq.url)
    onTestFinished(() => broker.close())
    const bodies = Array.from({ length: count }, (_, n) => JSON.stringify(chat(n)))
    await putDead(rabbitMq.url, 'web-push.chat', bodies)
    return broker
  }
  const deadIds = async (broker: Broker) =>
    (await broker.dead.list({ limit: 1000 })).letters.map(({ event }) => event?.id)

  test('whoever replays dies in between: every message is on its lane, or dead still, or both', async () => {
    const broker = await openWithDead(all.length)
    const proxy = await tcpProxy(rabbitMq.port)
    onTestFinished(() => proxy.close())
    const operator = rabbitMqDeadLetters({ url: through(proxy, rabbitMq.url), now: Date.now })
    const worker = inbox(() => ({ kind: 'done' }))
    const consumer = broker.consume('web-push.chat', worker.handler, { prefetch: 50 })
    const replaying = operator.replay({ ids: 'all' }).catch((cause: unknown) => cause)
    await worker.got(1)
    await proxy.cut()
    expect(await replaying).toMatchObject({ code: 'BROKER_UNAVAILABLE' })
    const left = await deadIds(broker)
    expect(left.length).toBeGreaterThan(0)
    await Promise.all(all.filter((id) => !left.includes(id)).map((id) => worker.got(1, id)))

    await broker.dead.replay({ ids: 'all' })
    await Promise.all(all.map((id) => worker.got(1, id)))
    expect(await deadIds(broker)).toEqual([])
    await consumer.stop()
  })

  test('while an alarm lasts nothing is replayed and nothing is lost, and the list can be read', async () => {
    const broker = await openWithDead(2)
    await rabbitMq.ctl('set_vm_memory_high_watermark', '0.00001')
    const operator = rabbitMqDeadLetters({ url: rabbitMq.url, now: Date.now, answerWithinMs: 500 })
    await expect(operator.replay({ ids: 'all' })).rejects.toMatchObject({
      code: 'BROKER_UNAVAILABLE',
      message: expect.stringContaining('an alarm may last'),
    })
    await rabbitMq.ctl('set_vm_memory_high_watermark', '0.4')
    await expect.poll(() => deadIds(broker), { timeout: 15_000 }).toEqual([chatId(0), chatId(1)])
    expect((await operator.replay({ ids: 'all' })).replayed).toHaveLength(2)
  })

  test('the command reads the same RABBITMQ_URL as the server, and replays beside it', async () => {
    const broker = await openWithDead(2)
    const run = async (...args: readonly string[]) => {
      const environment = { RABBITMQ_URL: rabbitMq.url }
      const belfry = runBelfryProcess({ args: ['dead', ...args], environment })
      return { code: await belfry.ended, output: belfry.output() }
    }
    const listed = await run('list', '--json')
    const [first, second] = (await broker.dead.list({ limit: 2 })).letters
    expect(JSON.parse(listed.output)).toMatchObject({
      dead: [{ id: first?.id }, { id: second?.id }],
    })
    expect(listed.output).not.toContain('message 1')

    const worker = inbox()
    const consumer = broker.consume('web-push.chat', worker.handler, { prefetch: 1 })
    const replayed = await run('replay', second?.id ?? '')
    expect(replayed).toEqual({ code: 0, output: 'Replayed: 1\n' })
    expect((await worker.got(1)).message).toEqual(chat(1))
    await consumer.stop()
    expect(await deadIds(broker)).toEqual([chatId(0)])
    const again = await run('replay', second?.id ?? '')
    expect(again.code).toBe(1)
    expect(again.output).toContain('[DEAD_NOT_REPLAYED]')
  })
})
