import { expect } from 'vitest'
import type { BrokerCases } from './broker-lab.ts'
import { inbox, type Received } from './inbox.ts'
import { chat, chatId, delivery } from './samples.ts'
import type { Verdict } from '../port.ts'

const one = { prefetch: 1 }

/** That answer to the first coming of message 1, `done` to everything else. */
function first(answer: () => Verdict): (received: Received) => Verdict {
  let asked = false
  return ({ id }) => {
    if (asked || id !== chatId(1)) return { kind: 'done' }
    asked = true
    return answer()
  }
}

export const verdictCases: BrokerCases = {
  'what is done is forgotten, also by the next process': async (lab) => {
    const worker = inbox()
    const consumer = lab.broker.consume('web-push.chat', worker.handler, one)
    await lab.broker.publish(chat(1))
    await worker.got(1)
    await consumer.stop()
    const broker = await lab.reopen()
    const next = inbox()
    const again = broker.consume('web-push.chat', next.handler, one)
    await broker.publish(chat(2))
    await next.got(1, chatId(2))
    expect(next.received.map(({ id }) => id)).toEqual([chatId(2)])
    await again.stop()
  },
  'a retry comes again after its time, says that it does, and holds up nobody': async ({
    broker,
    shortestDelayMs,
  }) => {
    const worker = inbox(first(() => ({ kind: 'retry', afterMs: shortestDelayMs })))
    const consumer = broker.consume('web-push.chat', worker.handler, one)
    await broker.publish(chat(1))
    await broker.publish(chat(2))
    const [before, other, after] = await Promise.all([
      worker.got(1, chatId(1)),
      worker.got(1, chatId(2)),
      worker.got(2, chatId(1)),
    ])
    expect(after.message).toEqual(chat(1))
    expect(after.redelivered).toBe(true)
    expect(after.atMs - before.atMs).toBeGreaterThanOrEqual(shortestDelayMs - 1)
    expect(other.atMs).toBeLessThan(after.atMs)
    await consumer.stop()
  },
  'a retry without delay comes again': async ({ broker }) => {
    const worker = inbox(first(() => ({ kind: 'retry', afterMs: 0 })))
    const consumer = broker.consume('web-push.chat', worker.handler, one)
    await broker.publish(chat(1))
    expect((await worker.got(2, chatId(1))).redelivered).toBe(true)
    await consumer.stop()
  },
  'a retry survives a crash': async (lab) => {
    const worker = inbox(first(() => ({ kind: 'retry', afterMs: lab.shortestDelayMs })))
    const consumer = lab.broker.consume('web-push.chat', worker.handler, one)
    await lab.broker.publish(chat(1))
    await worker.got(1)
    await consumer.stop()
    const broker = await lab.crash()
    const next = inbox()
    const again = broker.consume('web-push.chat', next.handler, one)
    expect((await next.got(1, chatId(1))).redelivered).toBe(true)
    await again.stop()
  },
  'what is dead is kept aside with its reason, and does not come again': async (lab) => {
    const worker = inbox(first(() => ({ kind: 'dead', reason: 'no such conversation' })))
    const consumer = lab.broker.consume('web-push.chat', worker.handler, one)
    await lab.broker.publish(chat(1))
    await lab.broker.publish(chat(2))
    await worker.got(1, chatId(2))
    await consumer.stop()
    const dead = await lab.dead()
    expect(dead.map(({ reason, body }) => [reason, JSON.parse(body)])).toEqual([
      ['no such conversation', chat(1)],
    ])
    expect(worker.received.map(({ id }) => id)).toEqual([chatId(1), chatId(2)])
  },
  'a delivery that was handed back can be dead too': async (lab) => {
    const worker = inbox(() => ({ kind: 'dead', reason: 'given up' }))
    const consumer = lab.broker.consume('web-push.chat', worker.handler, one)
    await lab.broker.retry('web-push.chat', delivery('x'), 0)
    await worker.got(1)
    await consumer.stop()
    expect((await lab.dead()).map(({ body }) => JSON.parse(body))).toEqual([delivery('x')])
  },
  'a message whose handler throws comes again, and the others do not wait for it': async ({
    broker,
  }) => {
    const worker = inbox(
      first(() => {
        throw new TypeError('a mistake')
      }),
    )
    const consumer = broker.consume('web-push.chat', worker.handler, one)
    await broker.publish(chat(1))
    await broker.publish(chat(2))
    const [other, again] = await Promise.all([worker.got(1, chatId(2)), worker.got(2, chatId(1))])
    expect(again.redelivered).toBe(true)
    expect(other.atMs).toBeLessThan(again.atMs)
    await consumer.stop()
  },
  'a body that is no event is dead at first sight, and nothing of it is in the reason': async (
    lab,
  ) => {
    const worker = inbox()
    const bodies = [
      'canary',
      '{"canary":',
      '{"type":"ChatMessage","text":"canary"}',
      '{"type":"canary","v":2}',
      '[]',
      'null',
      '',
    ]
    for (const body of bodies) await lab.putRaw('web-push.chat', body)
    const consumer = lab.broker.consume('web-push.chat', worker.handler, one)
    await lab.broker.publish(chat(1))
    await worker.got(1, chatId(1))
    await consumer.stop()
    const dead = await lab.dead()
    expect(dead.map(({ body }) => body)).toEqual(bodies)
    expect(dead.filter(({ reason }) => reason === '' || reason.includes('canary'))).toEqual([])
    expect(worker.received.map(({ id }) => id)).toEqual([chatId(1)])
  },
  'a body of a megabyte that is no event is dead too': async (lab) => {
    const worker = inbox()
    await lab.putRaw('web-push.chat', JSON.stringify({ ...chat(1), text: 'x'.repeat(1024 * 1024) }))
    const consumer = lab.broker.consume('web-push.chat', worker.handler, one)
    await lab.broker.publish(chat(2))
    await worker.got(1, chatId(2))
    await consumer.stop()
    expect(await lab.dead()).toHaveLength(1)
  },
}
