import { expect } from 'vitest'
import { logLines } from '../../observability/log-lines.ts'
import {
  deathCauses,
  queueNames,
  routes,
  type Broker,
  type QueueName,
  type Verdict,
} from '../port.ts'
import type { BrokerCases, BrokerLab } from './broker-lab.ts'
import { inbox, type Received } from './inbox.ts'
import { chat, chatId, delivery, ring } from './samples.ts'

const one = { prefetch: 1 }
const died: Verdict = { kind: 'dead', reason: 'no such conversation' }
const ids = async (broker: Broker) =>
  (await broker.dead.list({ limit: 1000 })).letters.map(({ event }) => event?.id)

/** Lets these messages die in the chat's lane, in this order. */
async function bury(broker: Broker, numbers: readonly number[]): Promise<void> {
  const worker = inbox(() => died)
  const consumer = broker.consume('web-push.chat', worker.handler, one)
  for (const n of numbers) await broker.publish(chat(n))
  await worker.got(numbers.length)
  await consumer.stop()
}

/** The same for a ring. */
async function buryRing(broker: Broker): Promise<void> {
  const worker = inbox(() => died)
  const consumer = broker.consume('web-push.calls', worker.handler, one)
  await broker.publish(ring)
  await worker.got(1)
  await consumer.stop()
}

/** The depth once so many were published, and died in the lanes of web push; those that are not replayed are dead. */
function depthAfter(
  published: { readonly chats: number; readonly rings: number },
  replayed: Partial<Record<QueueName, number>>,
) {
  const back = Object.values(replayed).reduce((sum, count) => sum + count, 0)
  const died: readonly QueueName[] = ['web-push.chat', 'web-push.calls']
  const held = (queue: QueueName) => {
    if (died.includes(queue)) return replayed[queue] ?? 0
    const chats = routes.ChatMessage.includes(queue) ? published.chats : 0
    return chats + (routes.IncomingCallPushMessage.includes(queue) ? published.rings : 0)
  }
  const lanes = Object.fromEntries(queueNames.map((queue) => [queue, held(queue)]))
  return { ...lanes, dead: published.chats + published.rings - back }
}

/** What the next worker of the chat's lane is given, once it was given so many. */
async function nextChats(broker: Broker, count: number): Promise<readonly Received[]> {
  const worker = inbox()
  const consumer = broker.consume('web-push.chat', worker.handler, one)
  await worker.got(count)
  await consumer.stop()
  return worker.received
}

const listing: BrokerCases = {
  'what is dead is listed with its lane, reason, time, tries and event, and never with what people wrote':
    async ({ broker }) => {
      const beforeMs = Date.now()
      await bury(broker, [1])
      const page = await broker.dead.list({ limit: 10 })
      expect(page).toEqual({
        letters: [
          {
            id: expect.stringMatching(/^[\w-]{1,64}$/),
            queue: 'web-push.chat',
            reason: 'no such conversation',
            diedMs: expect.any(Number),
            tries: 1,
            event: { type: 'ChatMessage', id: chatId(1), deliveryId: null },
          },
        ],
        more: false,
      })
      const [letter] = page.letters
      expect(letter?.diedMs).toBeGreaterThanOrEqual(Math.floor(beforeMs))
      expect(letter?.diedMs).toBeLessThanOrEqual(Date.now() + 1)
      expect(JSON.stringify(page)).not.toContain('message 1')
    },
  'they come oldest first, up to the limit, as often as one likes': async ({ broker }) => {
    await bury(broker, [1, 2, 3])
    for (let look = 0; look < 3; look += 1) {
      const page = await broker.dead.list({ limit: 2 })
      expect(page.letters.map(({ event }) => event?.id)).toEqual([chatId(1), chatId(2)])
      expect(page.more).toBe(true)
    }
    expect((await broker.dead.list({ limit: 3 })).more).toBe(false)
  },
  'looking at many does not shuffle them': async (lab) => {
    const many = Array.from({ length: 400 }, (_, n) => n)
    await lab.putDead(
      'web-push.chat',
      many.map((n) => JSON.stringify(chat(n))),
    )
    for (let look = 0; look < 3; look += 1) expect(await ids(lab.broker)).toEqual(many.map(chatId))
    const calls = await lab.broker.dead.replay({ ids: 'all', queue: 'web-push.calls' })
    expect(calls.replayed).toEqual([])
    expect(await ids(lab.broker)).toEqual(many.map(chatId))
  },
  'one queue can be asked for alone': async ({ broker }) => {
    await bury(broker, [1, 2])
    await buryRing(broker)
    const calls = await broker.dead.list({ limit: 1, queue: 'web-push.calls' })
    expect(calls.letters.map(({ event }) => event?.type)).toEqual(['IncomingCallPushMessage'])
    expect(calls.more).toBe(false)
    const chats = await broker.dead.list({ limit: 10, queue: 'web-push.chat' })
    expect(chats.letters.map(({ event }) => event?.id)).toEqual([chatId(1), chatId(2)])
  },
  'one that concerns a delivery names it, and one that cannot be read has no event': async (
    lab,
  ) => {
    await lab.putDead('web-push.chat', [
      JSON.stringify(delivery('x')),
      '{"type":"ChatMessage","text":"canary"}',
    ])
    const page = await lab.broker.dead.list({ limit: 10 })
    expect(page.letters.map(({ event }) => event)).toEqual([
      { type: 'ChatMessage', id: chatId(1), deliveryId: 'x' },
      null,
    ])
    expect(JSON.stringify(page)).not.toContain('canary')
  },
}

/** The lines about the dead, without what else was warned of. */
const told = (lab: BrokerLab) =>
  lab.warnings().flatMap(({ line, fields }) => (line === logLines.dead ? [fields] : []))

/** What was set aside, by queue and cause; of the others there is none. */
const deaths = (broker: Broker) => broker.deaths().filter(({ count }) => count > 0)

const telling: BrokerCases = {
  'each message that is set aside is told once, with its lane, reason and id, and never with what is in it':
    async (lab) => {
      const worker = inbox(({ id }) => (id === chatId(1) ? died : { kind: 'done' }))
      await lab.putRaw('web-push.chat', '{"type":"ChatMessage","text":"canary"}')
      const consumer = lab.broker.consume('web-push.chat', worker.handler, one)
      await lab.broker.publish(chat(1))
      await lab.broker.publish(chat(2))
      await worker.got(1, chatId(2))
      await consumer.stop()
      const { letters } = await lab.broker.dead.list({ limit: 10 })
      expect(letters).toHaveLength(2)
      expect(told(lab)).toEqual(
        letters.map(({ queue, reason, id, event }) => ({
          queue,
          reason,
          id,
          ...(event === null ? {} : { event }),
        })),
      )
      expect(JSON.stringify(lab.warnings())).not.toMatch(/canary|message 1/)
    },
  'what is set aside is counted by lane and cause, from nothing on': async (lab) => {
    expect(lab.broker.deaths()).toHaveLength(queueNames.length * deathCauses.length)
    expect(deaths(lab.broker)).toEqual([])
    await lab.putRaw('web-push.calls', 'canary')
    await lab.putRaw('web-push.calls', '[]')
    await bury(lab.broker, [1])
    await buryRing(lab.broker)
    expect(deaths(lab.broker)).toEqual([
      { queue: 'web-push.chat', cause: 'refused', count: 1 },
      { queue: 'web-push.calls', cause: 'unreadable', count: 2 },
      { queue: 'web-push.calls', cause: 'refused', count: 1 },
    ])
  },
  'the depth of the dead is how many there are now, whoever set them aside, after a restart too':
    async (lab) => {
      const dead = async (broker: Broker) => (await broker.depth()).dead
      expect(await dead(lab.broker)).toBe(0)
      await bury(lab.broker, [1])
      await lab.putDead('carrier-pigeon', ['canary', 'canary'])
      await expect.poll(() => dead(lab.broker)).toBe(3)
      const broker = await lab.reopen()
      await expect.poll(() => dead(broker)).toBe(3)
      await broker.dead.replay({ ids: 'all' })
      await expect.poll(() => dead(broker)).toBe(2)
      expect(told(lab)).toHaveLength(1)
    },
}

const replaying: BrokerCases = {
  'one that is replayed goes to the lane it died in alone, as if it came for the first time, and is dead no more':
    async ({ broker }) => {
      await bury(broker, [1, 2])
      const [first] = (await broker.dead.list({ limit: 1 })).letters
      const id = first?.id ?? ''
      const answer = await broker.dead.replay({ ids: [id] })
      expect(answer).toEqual({ replayed: [id], missing: [], stranded: [] })
      expect(await ids(broker)).toEqual([chatId(2)])
      await expect
        .poll(() => broker.depth())
        .toEqual(depthAfter({ chats: 2, rings: 0 }, { 'web-push.chat': 1 }))
      const [again] = await nextChats(broker, 1)
      expect(again?.message).toEqual(chat(1))
      expect(again?.redelivered).toBe(false)
    },
  'its counters begin anew': async ({ broker }) => {
    let answers: Verdict[] = [{ kind: 'retry', afterMs: 0 }, died, died]
    const worker = inbox(() => {
      const [answer = died, ...rest] = answers
      answers = rest
      return answer
    })
    const consumer = broker.consume('web-push.chat', worker.handler, one)
    const tries = async () =>
      (await broker.dead.list({ limit: 10 })).letters.map((letter) => letter.tries)
    await broker.publish(chat(1))
    await worker.got(2)
    await expect.poll(tries).toEqual([2])
    await broker.dead.replay({ ids: 'all' })
    await worker.got(3)
    await consumer.stop()
    await expect.poll(tries).toEqual([1])
  },
  'all are replayed, or all of one queue': async ({ broker }) => {
    await bury(broker, [1, 2])
    await buryRing(broker)
    const calls = await broker.dead.replay({ ids: 'all', queue: 'web-push.calls' })
    expect(calls.replayed).toHaveLength(1)
    await expect
      .poll(() => broker.depth())
      .toEqual(depthAfter({ chats: 2, rings: 1 }, { 'web-push.calls': 1 }))
    const rest = await broker.dead.replay({ ids: 'all' })
    expect(rest.replayed).toHaveLength(2)
    expect(await ids(broker)).toEqual([])
    expect((await nextChats(broker, 2)).map(({ id }) => id)).toEqual([chatId(1), chatId(2)])
    const none = await broker.dead.replay({ ids: 'all' })
    expect(none).toEqual({ replayed: [], missing: [], stranded: [] })
  },
  'an id that is not among the dead, or not of that queue, is told, and the others are replayed':
    async ({ broker }) => {
      await bury(broker, [1])
      await buryRing(broker)
      const [message, call] = (await broker.dead.list({ limit: 2 })).letters.map(({ id }) => id)
      const wanted = [message ?? '', call ?? '', '7000', 'no-such-id']
      const answer = await broker.dead.replay({ ids: wanted, queue: 'web-push.calls' })
      expect(answer.replayed).toEqual([call])
      expect(new Set(answer.missing)).toEqual(new Set([message, '7000', 'no-such-id']))
      expect(await ids(broker)).toEqual([chatId(1)])
    },
  'one whose lane is not known stays, and is told': async (lab) => {
    await lab.putDead('carrier-pigeon', [JSON.stringify(chat(1))])
    const [letter] = (await lab.broker.dead.list({ limit: 1 })).letters
    expect(letter?.queue).toBeNull()
    const answer = await lab.broker.dead.replay({ ids: 'all' })
    expect(answer).toEqual({ replayed: [], missing: [], stranded: [letter?.id] })
    expect(await ids(lab.broker)).toEqual([chatId(1)])
  },
  'what dies again while all are replayed is not taken again': async ({ broker }) => {
    await bury(broker, [1, 2, 3])
    const worker = inbox(() => died)
    const consumer = broker.consume('web-push.chat', worker.handler, one)
    expect((await broker.dead.replay({ ids: 'all' })).replayed).toHaveLength(3)
    await worker.got(3)
    await consumer.stop()
    expect(worker.received).toHaveLength(3)
    expect(await ids(broker)).toEqual([chatId(1), chatId(2), chatId(3)])
  },
  'of two who replay everything at once neither loses anything': async ({ broker }) => {
    await bury(broker, [1, 2, 3])
    await Promise.all([broker.dead.replay({ ids: 'all' }), broker.dead.replay({ ids: 'all' })])
    await expect.poll(() => ids(broker)).toEqual([])
    const received = await nextChats(broker, 3)
    expect(new Set(received.map(({ id }) => id))).toEqual(new Set([1, 2, 3].map(chatId)))
  },
  'more than fit into one commit are replayed, in their order': async (lab) => {
    const bodies = Array.from({ length: 300 }, (_, n) => JSON.stringify(chat(n)))
    await lab.putDead('web-push.chat', bodies)
    expect((await lab.broker.dead.replay({ ids: 'all' })).replayed).toHaveLength(300)
    const received = await nextChats(lab.broker, 300)
    expect(received.map(({ id }) => id)).toEqual(bodies.map((_, n) => chatId(n)))
  },
  'what was replayed survives a crash': async (lab) => {
    await bury(lab.broker, [1])
    await lab.broker.dead.replay({ ids: 'all' })
    const broker = await lab.crash()
    expect(await ids(broker)).toEqual([])
    expect((await nextChats(broker, 1)).map(({ id }) => id)).toEqual([chatId(1)])
  },
}

export const deadCases: BrokerCases = { ...listing, ...telling, ...replaying }
