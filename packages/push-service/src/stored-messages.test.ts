import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PushMessage } from './push-message.ts'
import { createStoredMessages } from './stored-messages.ts'

const arrivals = fc.array(
  fc.record({
    channelId: fc.constantFrom('calls', 'chats'),
    topic: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }),
    ttlSeconds: fc.constantFrom(0, 1, 5, 60),
    after: fc.nat({ max: 3 }),
  }),
  { maxLength: 40 },
)

interface Arrival {
  readonly channelId: string
  readonly topic: string | undefined
  readonly ttlSeconds: number
  /** Seconds since the arrival before. */
  readonly after: number
}

function messagesOf(list: readonly Arrival[]): PushMessage[] {
  let receivedAt = 1_000_000
  return list.map(({ channelId, topic, ttlSeconds, after }, index) => {
    receivedAt += after * 1000
    return {
      version: `v${index}`,
      uaid: 'alice',
      channelId,
      topic,
      ttlSeconds,
      receivedAt,
      urgency: undefined,
      body: Buffer.alloc(0),
      encryptionHeaders: {},
    }
  })
}

function storeAll(messages: readonly PushMessage[]) {
  const stored = createStoredMessages()
  for (const message of messages) stored.put(message)
  return stored
}

test('a stored message is there until its TTL has passed, and not a moment longer', () => {
  fc.assert(
    fc.property(arrivals, fc.nat({ max: 200 }), (list, laterSeconds) => {
      const messages = messagesOf(list.map((arrival) => ({ ...arrival, topic: undefined })))
      const now = 1_000_000 + laterSeconds * 1000
      const alive = messages.filter(
        (m) => m.ttlSeconds > 0 && now < m.receivedAt + m.ttlSeconds * 1000,
      )
      const found = storeAll(messages).next('alice', { limit: Infinity, now })
      expect(new Set(found)).toEqual(new Set(alive))
    }),
  )
})

test('of one Topic in one channel only the newest message is kept', () => {
  fc.assert(
    fc.property(arrivals, (list) => {
      const messages = messagesOf(list.map((arrival) => ({ ...arrival, ttlSeconds: 3600 })))
      const found = storeAll(messages).next('alice', { limit: Infinity, now: 1_000_000 })
      const newest = new Map(
        messages.map((m) => [m.topic === undefined ? m.version : `${m.channelId} ${m.topic}`, m]),
      )
      expect(new Set(found)).toEqual(new Set(newest.values()))
    }),
  )
})

test('messages with a Topic come first, and each kind by time', () => {
  fc.assert(
    fc.property(arrivals, (list) => {
      const found = storeAll(messagesOf(list)).next('alice', { limit: Infinity, now: 1_000_000 })
      const rank = (m: PushMessage) => (m.topic === undefined ? 1 : 0)
      const sorted = found.toSorted((a, b) => rank(a) - rank(b) || a.receivedAt - b.receivedAt)
      expect(found).toEqual(sorted)
    }),
  )
})

test('a removed message does not come back, and a limit takes the first', () => {
  fc.assert(
    fc.property(arrivals, fc.nat({ max: 12 }), (list, limit) => {
      const stored = storeAll(messagesOf(list))
      const all = stored.next('alice', { limit: Infinity, now: 1_000_000 })
      const batch = stored.next('alice', { limit, now: 1_000_000 })
      expect(batch).toEqual(all.slice(0, limit))
      for (const { version } of batch) expect(stored.remove('alice', version)).toBe(true)
      expect(stored.next('alice', { limit: Infinity, now: 1_000_000 })).toEqual(all.slice(limit))
    }),
  )
})

test('a TTL of 0 is never stored, not even to replace its Topic', () => {
  const [kept, dropped] = messagesOf([
    { channelId: 'calls', topic: 'a', ttlSeconds: 60, after: 0 },
    { channelId: 'calls', topic: 'a', ttlSeconds: 0, after: 0 },
  ])
  const stored = storeAll([kept, dropped].filter((message) => message !== undefined))
  expect(stored.next('alice', { limit: 10, now: 1_000_000 })).toEqual([kept])
})

test('clearing a channel leaves the other channels of the browser', () => {
  const messages = messagesOf([
    { channelId: 'calls', topic: undefined, ttlSeconds: 60, after: 0 },
    { channelId: 'chats', topic: undefined, ttlSeconds: 60, after: 0 },
  ])
  const stored = storeAll(messages)
  stored.clear('alice', 'calls')
  expect(stored.next('alice', { limit: 10, now: 1_000_000 })).toEqual([messages[1]])
  stored.clear('alice')
  expect(stored.next('alice', { limit: 10, now: 1_000_000 })).toEqual([])
})
