import { expect, test } from 'vitest'
import { messageStream, type StreamItem } from '../src/model/message-stream.ts'
import { createTimes } from '../src/model/times.ts'
import { messageOf } from './message-of.ts'

const { dayKey } = createTimes({ locale: 'en-GB', timeZone: 'UTC' })
const bobs = {
  unsent: [],
  meId: 'bob',
  reads: [],
  memberIds: ['bob', 'ana'],
  readBeforeId: null,
  dayKey,
}

/** `day`, `new`, or the texts of a run after who said them. */
function drawn(items: readonly StreamItem[]): string[] {
  return items.map((item) =>
    item.kind === 'group'
      ? `${item.senderId}: ${item.messages.map(({ text }) => text).join(' | ')}`
      : item.kind,
  )
}

test('messages of one person within one minute form one run', () => {
  const items = messageStream({
    ...bobs,
    messages: [
      messageOf({ sentAt: '2026-11-20T13:58:01Z', text: 'Change of plan.' }),
      messageOf({ sentAt: '2026-11-20T13:58:59Z', text: 'We start at four.' }),
      messageOf({ sentAt: '2026-11-20T13:59:00Z', text: 'Can you come?' }),
      messageOf({ sentAt: '2026-11-20T13:59:30Z', senderId: 'bob', text: 'Yes.' }),
    ],
  })
  expect(drawn(items)).toEqual([
    'day',
    'ana: Change of plan. | We start at four.',
    'ana: Can you come?',
    'bob: Yes.',
  ])
})

test('a new day draws a line, also within one minute of the same person', () => {
  const items = messageStream({
    ...bobs,
    messages: [
      messageOf({ sentAt: '2026-11-19T23:59:50Z', text: 'Good night.' }),
      messageOf({ sentAt: '2026-11-20T00:00:05Z', text: 'Good morning.' }),
    ],
  })
  expect(drawn(items)).toEqual(['day', 'ana: Good night.', 'day', 'ana: Good morning.'])
})

test('days are those of the time zone in which the person is', () => {
  const inAuckland = createTimes({ locale: 'en-GB', timeZone: 'Pacific/Auckland' })
  const items = messageStream({
    ...bobs,
    dayKey: inAuckland.dayKey,
    messages: [
      messageOf({ sentAt: '2026-11-19T23:59:50Z', text: 'one' }),
      messageOf({ sentAt: '2026-11-20T00:00:05Z', text: 'two' }),
    ],
  })
  expect(items.filter(({ kind }) => kind === 'day')).toHaveLength(1)
})

test('the line of new messages stands before the first one that I had not read, never before my own', () => {
  const read = messageOf({ sentAt: '2026-11-20T10:00:00Z', text: 'old' })
  const items = messageStream({
    ...bobs,
    readBeforeId: read.id,
    messages: [
      read,
      messageOf({ sentAt: '2026-11-20T10:01:00Z', senderId: 'bob', text: 'mine' }),
      messageOf({ sentAt: '2026-11-20T10:02:00Z', text: 'new' }),
      messageOf({ sentAt: '2026-11-20T10:03:00Z', text: 'newer' }),
    ],
  })
  expect(drawn(items)).toEqual(['day', 'ana: old', 'bob: mine', 'new', 'ana: new', 'ana: newer'])
})

test('an own message is sent, notified when a push service took it, seen when everybody read it', () => {
  const messages = [
    messageOf({ sentAt: '2026-11-20T10:00:00Z', senderId: 'bob', notified: true }),
    messageOf({ sentAt: '2026-11-20T10:01:00Z', senderId: 'bob', notified: true }),
    messageOf({ sentAt: '2026-11-20T10:02:00Z', senderId: 'bob' }),
  ]
  const [first] = messages
  const states = (memberIds: string[]) =>
    messageStream({
      ...bobs,
      messages,
      memberIds,
      reads: [{ userId: 'ana', messageId: first?.id ?? '' }],
    }).flatMap((item) => (item.kind === 'group' ? item.messages.map(({ state }) => state) : []))
  expect(states(['bob', 'ana'])).toEqual(['seen', 'notified', 'sent'])
  expect(states(['bob', 'ana', 'theo'])).toEqual(['notified', 'notified', 'sent'])
})

test('what is not sent yet stands at the end, and vanishes once the server has it', () => {
  const unsent = {
    clientMessageId: 'local-1',
    conversationId: 'c-1',
    text: 'They close at three.',
    writtenAtMs: Date.parse('2026-11-20T14:06:00Z'),
    state: 'waiting',
  } as const
  const before = messageStream({ ...bobs, messages: [], unsent: [unsent] })
  const after = messageStream({
    ...bobs,
    unsent: [unsent],
    messages: [
      messageOf({
        sentAt: '2026-11-20T14:06:01Z',
        senderId: 'bob',
        clientMessageId: 'local-1',
        text: 'They close at three.',
      }),
    ],
  })
  expect(drawn(before)).toEqual(['day', 'bob: They close at three.'])
  expect(drawn(after)).toEqual(['day', 'bob: They close at three.'])
  const keyOf = (items: readonly StreamItem[]) => items[1]?.key
  expect(keyOf(after)).toBe(keyOf(before))
})

test('a message that was refused stands alone, with its way to try again', () => {
  const written = { conversationId: 'c-1', writtenAtMs: Date.parse('2026-11-20T14:06:00Z') }
  const items = messageStream({
    ...bobs,
    messages: [],
    unsent: [
      { ...written, clientMessageId: '1', text: 'one', state: 'sending' },
      { ...written, clientMessageId: '2', text: 'two', state: 'failed' },
      { ...written, clientMessageId: '3', text: 'three', state: 'waiting' },
    ],
  })
  expect(drawn(items)).toEqual(['day', 'bob: one', 'bob: two', 'bob: three'])
})
