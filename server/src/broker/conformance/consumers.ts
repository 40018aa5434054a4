import { expect } from 'vitest'
import type { BrokerCases } from './broker-lab.ts'
import { gate, inbox } from './inbox.ts'
import { chat, chatId, ring } from './samples.ts'

const numbers = Array.from({ length: 20 }, (_, n) => n)

export const consumerCases: BrokerCases = {
  'a worker never has more in hand than it asked for, and that many when there are': async ({
    broker,
  }) => {
    const hold = gate()
    const worker = inbox(() => hold.verdict)
    const consumer = broker.consume('web-push.chat', worker.handler, { prefetch: 3 })
    await Promise.all(numbers.map((n) => broker.publish(chat(n))))
    await worker.got(3)
    expect(worker.received).toHaveLength(3)
    hold.open({ kind: 'done' })
    await Promise.all(numbers.map((n) => worker.got(1, chatId(n))))
    expect(worker.mostAtOnce()).toBe(3)
    await consumer.stop()
  },
  'two workers share a queue, and no message is with both at once': async ({ broker }) => {
    const hold = gate()
    const [left, right] = [inbox(() => hold.verdict), inbox(() => hold.verdict)]
    const consumers = [left, right].map(({ handler }) =>
      broker.consume('web-push.chat', handler, { prefetch: 10 }),
    )
    await Promise.all(numbers.map((n) => broker.publish(chat(n))))
    await Promise.all([left.got(10), right.got(10)])
    const all = [...left.received, ...right.received].map(({ id }) => id)
    expect(new Set(all).size).toBe(20)
    hold.open({ kind: 'done' })
    await Promise.all(consumers.map((consumer) => consumer.stop()))
  },
  'a slow message of chat does not hold up a call': async ({ broker }) => {
    const hold = gate()
    const [chats, calls] = [inbox(() => hold.verdict), inbox()]
    const slow = broker.consume('web-push.chat', chats.handler, { prefetch: 1 })
    const consumer = broker.consume('web-push.calls', calls.handler, { prefetch: 1 })
    await broker.publish(chat(1))
    await chats.got(1)
    await broker.publish(ring)
    expect((await calls.got(1)).message).toEqual(ring)
    hold.open({ kind: 'done' })
    await Promise.all([slow.stop(), consumer.stop()])
  },
  'a stopped worker takes no more, and stops once what it has in hand has its verdict': async ({
    broker,
  }) => {
    const hold = gate()
    const [first, second] = [inbox(() => hold.verdict), inbox()]
    const consumer = broker.consume('web-push.chat', first.handler, { prefetch: 2 })
    await Promise.all([0, 1, 2, 3].map((n) => broker.publish(chat(n))))
    await first.got(2)
    let stopped = false
    const stopping = consumer.stop().then(() => {
      stopped = true
    })
    const next = broker.consume('web-push.chat', second.handler, { prefetch: 2 })
    await second.got(2)
    expect(stopped).toBe(false)
    hold.open({ kind: 'done' })
    await stopping
    expect(first.received).toHaveLength(2)
    const all = new Set([...first.received, ...second.received].map(({ id }) => id))
    expect(all).toEqual(new Set([0, 1, 2, 3].map(chatId)))
    await next.stop()
  },
  'an idle worker stops at once, and may be told twice': async ({ broker }) => {
    const consumer = broker.consume('web-push.chat', inbox().handler, { prefetch: 2 })
    await Promise.all([consumer.stop(), consumer.stop()])
    await consumer.stop()
  },
  'what a stopped worker had not begun goes to the next one': async ({ broker }) => {
    const first = inbox()
    await broker.consume('web-push.chat', first.handler, { prefetch: 1 }).stop()
    await broker.publish(chat(1))
    const second = inbox()
    const consumer = broker.consume('web-push.chat', second.handler, { prefetch: 1 })
    await second.got(1, chatId(1))
    expect(first.received).toEqual([])
    await consumer.stop()
  },
  'after a crash, what was in hand comes again and says so': async (lab) => {
    const first = inbox(() => new Promise(() => {}))
    lab.broker.consume('web-push.chat', first.handler, { prefetch: 5 })
    await Promise.all([0, 1, 2, 3, 4].map((n) => lab.broker.publish(chat(n))))
    await first.got(5)
    const broker = await lab.crash()
    const second = inbox()
    const consumer = broker.consume('web-push.chat', second.handler, { prefetch: 5 })
    const again = await Promise.all([0, 1, 2, 3, 4].map((n) => second.got(1, chatId(n))))
    expect(again.map(({ redelivered }) => redelivered)).toEqual([true, true, true, true, true])
    await consumer.stop()
  },
}
