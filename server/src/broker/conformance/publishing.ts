import { expect } from 'vitest'
import type { BrokerCases } from './broker-lab.ts'
import { inbox } from './inbox.ts'
import { chat, chatId, delivery, ring, ringEnd } from './samples.ts'

const one = { prefetch: 1 }
const many = { prefetch: 50 }

export const publishCases: BrokerCases = {
  'an event reaches its worker as it was published': async ({ broker }) => {
    const worker = inbox()
    const consumer = broker.consume('web-push.chat', worker.handler, one)
    await broker.publish({
      ...chat(1),
      text: '👋 {"$ne":null}\n\u2028',
      conversationTitle: 'Kitchen',
    })
    const { message, redelivered } = await worker.got(1)
    expect(message).toEqual({
      ...chat(1),
      text: '👋 {"$ne":null}\n\u2028',
      conversationTitle: 'Kitchen',
    })
    expect(redelivered).toBe(false)
    await consumer.stop()
  },
  'calls and chat have queues of their own': async ({ broker }) => {
    const [chats, calls] = [inbox(), inbox()]
    const consumers = [
      broker.consume('web-push.chat', chats.handler, one),
      broker.consume('web-push.calls', calls.handler, one),
    ]
    await Promise.all([broker.publish(ring), broker.publish(chat(1)), broker.publish(ringEnd)])
    await Promise.all([
      chats.got(1, chatId(1)),
      calls.got(1, 'call:s1'),
      calls.got(1, 'end:s1:cancelled'),
    ])
    expect(new Set(chats.received.map(({ id }) => id))).toEqual(new Set([chatId(1)]))
    expect(new Set(calls.received.map(({ id }) => id))).toEqual(
      new Set(['call:s1', 'end:s1:cancelled']),
    )
    await Promise.all(consumers.map((consumer) => consumer.stop()))
  },
  'an event waits for a worker, through a restart': async (lab) => {
    await lab.broker.publish(chat(1))
    const broker = await lab.reopen()
    const worker = inbox()
    const consumer = broker.consume('web-push.chat', worker.handler, one)
    expect((await worker.got(1)).message).toEqual(chat(1))
    await consumer.stop()
  },
  'an event that was confirmed survives a crash': async (lab) => {
    await Promise.all(Array.from({ length: 50 }, (_, n) => lab.broker.publish(chat(n))))
    const broker = await lab.crash()
    const worker = inbox()
    const consumer = broker.consume('web-push.chat', worker.handler, many)
    await Promise.all(Array.from({ length: 50 }, (_, n) => worker.got(1, chatId(n))))
    await consumer.stop()
  },
  'an event published again after a lost confirm comes at least once': async (lab) => {
    const lost = lab.broker.publish(chat(1)).catch(() => 'it may be stored all the same')
    const broker = await lab.crash()
    await lost
    await broker.publish(chat(1))
    const worker = inbox()
    const consumer = broker.consume('web-push.chat', worker.handler, one)
    expect((await worker.got(1)).message).toEqual(chat(1))
    await consumer.stop()
  },
  'a backlog comes oldest first, and all of it': async ({ broker }) => {
    for (let n = 0; n < 600; n += 1) await broker.publish(chat(n))
    const worker = inbox()
    const consumer = broker.consume('web-push.chat', worker.handler, one)
    await worker.got(1, chatId(599))
    await consumer.stop()
    const firsts = [...new Set(worker.received.map(({ id }) => id))]
    expect(firsts).toEqual(Array.from({ length: 600 }, (_, n) => chatId(n)))
  },
  'a delivery handed back comes to that queue alone, and not before its time': async ({
    broker,
    shortestDelayMs,
  }) => {
    const [chats, calls] = [inbox(), inbox()]
    const consumers = [
      broker.consume('web-push.chat', chats.handler, one),
      broker.consume('web-push.calls', calls.handler, one),
    ]
    const startedMs = performance.now()
    await broker.retry('web-push.calls', delivery('late'), shortestDelayMs)
    const late = await calls.got(1, 'late')
    expect(late.message).toEqual(delivery('late'))
    expect(late.atMs - startedMs).toBeGreaterThanOrEqual(shortestDelayMs - 1)
    expect(chats.received).toEqual([])
    await Promise.all(consumers.map((consumer) => consumer.stop()))
  },
  'a delivery handed back without delay comes at once': async ({ broker }) => {
    const worker = inbox()
    const consumer = broker.consume('web-push.chat', worker.handler, one)
    await broker.retry('web-push.chat', delivery('now'), 0)
    expect((await worker.got(1, 'now')).message).toEqual(delivery('now'))
    await consumer.stop()
  },
  'what waits for ten minutes holds up nothing behind it': async ({ broker, shortestDelayMs }) => {
    const worker = inbox()
    const consumer = broker.consume('web-push.chat', worker.handler, one)
    await broker.retry('web-push.chat', delivery('in ten minutes'), 600_000)
    await broker.retry('web-push.chat', delivery('soon'), shortestDelayMs)
    await broker.publish(chat(1))
    await Promise.all([worker.got(1, 'soon'), worker.got(1, chatId(1))])
    expect(worker.received.map(({ id }) => id)).not.toContain('in ten minutes')
    await consumer.stop()
  },
  'a delivery handed back survives a crash, and its delay too': async (lab) => {
    const startedMs = performance.now()
    await lab.broker.retry('web-push.chat', delivery('late'), lab.shortestDelayMs)
    const broker = await lab.crash()
    const worker = inbox()
    const consumer = broker.consume('web-push.chat', worker.handler, one)
    const late = await worker.got(1, 'late')
    expect(late.atMs - startedMs).toBeGreaterThanOrEqual(lab.shortestDelayMs - 1)
    await consumer.stop()
  },
}
