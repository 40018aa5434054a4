import { QueryClient } from '@tanstack/react-query'
import type { Conversations } from '@belfry/contracts'
import { expect, test } from 'vitest'
import { byLastMessage, putMessage, putNotified, putRead } from '../src/model/chat-cache.ts'
import { keys } from '../src/model/query-keys.ts'
import { conversationOf, messageOf } from './message-of.ts'

const one = messageOf({ sentAt: '2026-11-20T10:00:00Z' })
const two = messageOf({ sentAt: '2026-11-20T10:01:00Z' })
const three = messageOf({ sentAt: '2026-11-20T10:02:00Z' })

function bobs() {
  const queries = new QueryClient()
  queries.setQueryData(keys.conversations, {
    conversations: [conversationOf({ lastMessage: two }), conversationOf({ id: 'c-2' })],
  })
  queries.setQueryData(keys.messages('c-1'), {
    pages: [[two], [one]],
    pageParams: [undefined, two.id],
  })
  return {
    queries,
    conversation: () => queries.getQueryData<Conversations>(keys.conversations)?.conversations[0],
    pages: () => queries.getQueryData<{ pages: unknown[][] }>(keys.messages('c-1'))?.pages,
  }
}

test('a message that arrives twice is shown and counted once', () => {
  const { queries, conversation, pages } = bobs()
  putMessage(queries, three, 'bob')
  putMessage(queries, three, 'bob')
  expect(pages()).toEqual([[three, two], [one]])
  expect(conversation()).toMatchObject({ lastMessage: three, unreadCount: 1 })
})

test('my own message from another device is not unread', () => {
  const { queries, conversation } = bobs()
  putMessage(queries, { ...three, senderId: 'bob' }, 'bob')
  expect(conversation()?.unreadCount).toBe(0)
})

test('a message that comes late takes its place, and is not the last one', () => {
  const { queries, conversation, pages } = bobs()
  putMessage(queries, three, 'bob')
  const late = messageOf({ sentAt: '2026-11-20T10:01:30Z' })
  putMessage(queries, late, 'bob')
  expect(pages()).toEqual([[three, late, two], [one]])
  expect(conversation()?.lastMessage).toEqual(three)
})

test('reading in another tab clears the count here; an older mark changes nothing', () => {
  const { queries, conversation } = bobs()
  putMessage(queries, three, 'bob')
  putRead(queries, { conversationId: 'c-1', userId: 'bob', messageId: three.id }, 'bob')
  putRead(queries, { conversationId: 'c-1', userId: 'bob', messageId: one.id }, 'bob')
  expect(conversation()).toMatchObject({
    unreadCount: 0,
    reads: [{ userId: 'bob', messageId: three.id }],
  })
})

test('a push that was taken shows at the message and in the list', () => {
  const { queries, conversation, pages } = bobs()
  putNotified(queries, { conversationId: 'c-1', messageId: two.id })
  expect(pages()).toEqual([[{ ...two, notified: true }], [one]])
  expect(conversation()?.lastMessage?.notified).toBe(true)
})

test('a conversation that somebody else began makes the list be asked for again', () => {
  const { queries } = bobs()
  putMessage(queries, messageOf({ conversationId: 'c-9', sentAt: '2026-11-20T10:05:00Z' }), 'bob')
  expect(queries.getQueryState(keys.conversations)?.isInvalidated).toBe(true)
})

test('the conversation written to last comes first, a new one by its beginning', () => {
  const old = conversationOf({ id: 'old', lastMessage: one })
  const fresh = conversationOf({ id: 'fresh', createdAt: '2026-11-20T10:00:30Z' })
  const newest = conversationOf({ id: 'newest', lastMessage: two })
  expect(byLastMessage([old, fresh, newest]).map(({ id }) => id)).toEqual([
    'newest',
    'fresh',
    'old',
  ])
})
