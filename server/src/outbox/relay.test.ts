import type { ChatMessage, DomainEvent } from '@belfry/contracts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { silentLog } from '../../test/delivery/delivery-lab.ts'
import { BrokerUnavailableError } from '../broker/broker-unavailable-error.ts'
import { noFailpoint } from '../observability/failpoint.ts'
import type { PendingEvent } from '../store/port.ts'
import { createRelay } from './relay.ts'

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => void vi.useRealTimers())

function message(id: string): ChatMessage {
  return {
    type: 'ChatMessage',
    id,
    conversationId: 'c',
    senderId: 'ana',
    senderName: 'Ana',
    recipientIds: ['bob'],
    text: 'hello',
    sentAt: new Date().toISOString(),
  }
}

/** An outbox and a broker in memory; `broker.answer` decides what a publish comes to. */
function lab() {
  const box = new Map<string, PendingEvent & { writtenAtMs: number }>()
  const published: string[] = []
  const broker = {
    answer: async (_event: DomainEvent): Promise<void> => {},
    async publish(event: DomainEvent) {
      await broker.answer(event)
      published.push(idOf(event))
    },
  }
  const outbox = {
    queued: false,
    reads: 0,
    async pending(beforeMs: number, limit: number) {
      outbox.reads += 1
      return [...box.values()].filter((each) => each.writtenAtMs < beforeMs).slice(0, limit)
    },
    async confirm(events: readonly PendingEvent[]) {
      for (const { sourceId } of events) box.delete(sourceId)
    },
  }
  const relay = createRelay({
    outbox,
    broker,
    now: Date.now,
    log: silentLog,
    failpoint: noFailpoint,
  })
  const write = (id: string): PendingEvent => {
    const event: PendingEvent = { source: 'message', sourceId: id, event: message(id) }
    box.set(id, { ...event, writtenAtMs: Date.now() })
    return event
  }
  return { relay, box, broker, outbox, published, write }
}

function idOf(event: DomainEvent): string {
  return event.type === 'ChatMessage' ? event.id : event.sessionId
}

test('what is handed over is published at once and leaves the outbox once confirmed', async () => {
  const { relay, box, published, write } = lab()
  relay.hand([write('one')])
  await vi.advanceTimersByTimeAsync(0)
  expect(published).toEqual(['one'])
  expect(box.size).toBe(0)
  await relay.stop()
})

test('what is in the queue with its cause already is not published again, but what other settings left is', async () => {
  const { relay, outbox, published, write } = lab()
  outbox.queued = true
  const [left, queued] = [write('left'), write('queued')]
  relay.hand([queued])
  await vi.advanceTimersByTimeAsync(1)
  expect(published).toEqual([])
  await outbox.confirm([queued])
  relay.start()
  await vi.advanceTimersByTimeAsync(10)
  expect(published).toEqual([left.sourceId])
  await relay.stop()
})

test('what a crash left behind is published at the start', async () => {
  const { relay, published, write, box } = lab()
  write('left')
  await vi.advanceTimersByTimeAsync(1)
  relay.start()
  await vi.advanceTimersByTimeAsync(0)
  expect(published).toEqual(['left'])
  expect(box.size).toBe(0)
  await relay.stop()
})

test('a lost confirm means "may be stored": the same event is published again, and again until confirmed', async () => {
  const { relay, broker, published, write, box } = lab()
  relay.start()
  let lost = 0
  broker.answer = async (event) => {
    if (lost >= 2) return
    lost += 1
    published.push(idOf(event))
    throw new BrokerUnavailableError('publish')
  }
  relay.hand([write('one')])
  await vi.advanceTimersByTimeAsync(5000)
  expect(published).toEqual(['one', 'one', 'one'])
  expect(box.size).toBe(0)
  await relay.stop()
})

test('while the broker is down everything stays in the outbox, and leaves it within seconds of its return', async () => {
  const { relay, broker, published, write, box } = lab()
  relay.start()
  broker.answer = () => Promise.reject(new BrokerUnavailableError('publish'))
  for (let n = 0; n < 1000; n += 1) relay.hand([write(`m${n}`)])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(box.size).toBe(1000)
  expect(published).toEqual([])
  broker.answer = async () => {}
  await vi.advanceTimersByTimeAsync(2000)
  expect(box.size).toBe(0)
  expect(new Set(published).size).toBe(1000)
  await relay.stop()
})

test('one event that cannot be published keeps none of the others', async () => {
  const { relay, broker, published, write, box } = lab()
  broker.answer = async (event) => {
    if (idOf(event) === 'bad') throw new BrokerUnavailableError('publish')
  }
  for (const id of ['one', 'bad', 'two']) write(id)
  await vi.advanceTimersByTimeAsync(1)
  relay.start()
  await vi.advanceTimersByTimeAsync(0)
  expect(published).toEqual(['one', 'two'])
  expect([...box.keys()]).toEqual(['bad'])
  await relay.stop()
})

test('what was just written is left to whoever wrote it', async () => {
  const { relay, published, write } = lab()
  relay.start()
  await vi.advanceTimersByTimeAsync(0)
  write('mine')
  await vi.advanceTimersByTimeAsync(1900)
  expect(published).toEqual([])
  await vi.advanceTimersByTimeAsync(2000)
  expect(published).toEqual(['mine'])
  await relay.stop()
})

test('a slow broker costs bounded memory: beyond a thousand the rest waits in the outbox', async () => {
  const { relay, broker, write, box } = lab()
  const slow = Promise.withResolvers<void>()
  let asked = 0
  broker.answer = () => {
    asked += 1
    return slow.promise
  }
  for (let n = 0; n < 3000; n += 1) relay.hand([write(`m${n}`)])
  await vi.advanceTimersByTimeAsync(0)
  expect(asked).toBe(1000)
  slow.resolve()
  await vi.advanceTimersByTimeAsync(0)
  relay.start()
  await vi.advanceTimersByTimeAsync(5000)
  expect(box.size).toBe(0)
  await relay.stop()
})

test('an outbox that cannot be read is asked again', async () => {
  const { relay, outbox, published, write } = lab()
  const { pending } = outbox
  outbox.pending = () => Promise.reject(new Error('the disk'))
  relay.start()
  write('one')
  await vi.advanceTimersByTimeAsync(3000)
  outbox.pending = pending
  await vi.advanceTimersByTimeAsync(1000)
  expect(published).toEqual(['one'])
  await relay.stop()
})

test('stopping waits for what is under way and takes nothing more', async () => {
  const { relay, broker, write, box } = lab()
  const slow = Promise.withResolvers<void>()
  broker.answer = () => slow.promise
  relay.hand([write('one')])
  await vi.advanceTimersByTimeAsync(0)
  let stopped = false
  const stop = relay.stop().then(() => (stopped = true))
  relay.hand([write('two')])
  await vi.advanceTimersByTimeAsync(0)
  expect(stopped).toBe(false)
  slow.resolve()
  await stop
  expect([...box.keys()]).toEqual(['two'])
})
