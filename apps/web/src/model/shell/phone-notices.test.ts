import type { Call, Conversations } from '@belfry/contracts'
import { QueryClient } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { handClock } from '../../../test/hand-clock.ts'
import { conversationOf } from '../../../test/message-of.ts'
import { createAttention } from '../attention.ts'
import { keys } from '../query-keys.ts'
import { createRing, type CallReply } from '../ring.ts'
import { keepPhoneNotices } from './phone-notices.ts'

const unasked = (): Promise<CallReply> => Promise.resolve({ kind: 'unknown' })

function open() {
  const clock = handClock()
  const ring = createRing({
    userId: 'bob',
    now: clock.now,
    schedule: clock.after,
    api: {
      ringing: async () => [],
      find: unasked,
      accept: unasked,
      decline: unasked,
      cancel: unasked,
      end: unasked,
    },
  })
  const attention = createAttention(() => undefined)
  const queries = new QueryClient()
  const told: string[] = []
  const stop = keepPhoneNotices({
    ring,
    attention,
    queries,
    phone: {
      badge: (unread) => told.push(`badge ${unread}`),
      dismiss: (tag) => told.push(tag),
    },
  })
  const at = (ms: number): string => new Date(clock.now() + ms).toISOString()
  const call = (change: Partial<Call> = {}): Call => ({
    sessionId: 'S',
    state: 'ringing',
    callerId: 'ana',
    callerName: 'Ana Ferreira',
    calleeIds: ['bob'],
    callees: [{ id: 'bob', displayName: 'Bob', state: 'ringing' }],
    media: 'audio',
    conversationId: null,
    startedAt: at(0),
    ringExpiresAt: at(30_000),
    acceptedAt: null,
    endedAt: null,
    devices: { notified: 1, ringing: [] },
    serverTime: at(0),
    ...change,
  })
  return { clock, ring, attention, queries, told, stop, call }
}

test('a page in sight that rings takes the ring from the phone, once', () => {
  const { clock, ring, attention, told, call } = open()
  attention.setVisible(true)
  ring.tell(call())
  clock.advance(3000)
  expect(told).toEqual(['call-S'])
})

test('a page out of sight leaves the ring to the phone, and takes it when it is seen', () => {
  const { ring, attention, told, call } = open()
  ring.tell(call())
  expect(told).toEqual([])
  attention.setVisible(true)
  expect(told).toEqual(['call-S'])
  // The phone forgets when the app leaves the front: back in it, it is told again.
  attention.setVisible(false)
  attention.setVisible(true)
  expect(told).toEqual(['call-S', 'call-S'])
})

test('a call that was dealt with leaves the phone; one that was missed stays', () => {
  for (const state of ['accepted', 'declined', 'busy', 'ended'] as const) {
    const { ring, told, call } = open()
    ring.tell(call())
    ring.tell(call({ state }))
    expect(told).toEqual(['call-S'])
  }
  for (const state of ['missed', 'cancelled'] as const) {
    const { ring, told, call } = open()
    ring.tell(call())
    ring.tell(call({ state }))
    expect(told).toEqual([])
  }
})

test('the icon counts every unread message, and a conversation that was read leaves the phone', () => {
  const { queries, told, stop } = open()
  const put = (...unread: readonly number[]): void => {
    const conversations = unread.map((unreadCount, at) =>
      conversationOf({ id: `c-${at}`, unreadCount }),
    )
    queries.setQueryData<Conversations>(keys.conversations, { conversations })
  }
  put(2, 1)
  put(2, 1)
  put(0, 1)
  put(0, 0)
  expect(told).toEqual(['badge 3', 'chat-c-0', 'badge 1', 'chat-c-1', 'badge 0'])
  queries.clear()
  stop()
  put(5)
  expect(told).toHaveLength(5)
})
