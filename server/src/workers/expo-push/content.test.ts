import type { ChatMessage, NotificationPreferences } from '@belfry/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyText } from '../../../test/delivery/any-text.ts'
import { phone } from '../../../test/delivery/phone-row.ts'
import type { CallPush } from '../../delivery/call-push.ts'
import { createCapabilities } from '../../delivery/capabilities.ts'
import type { ChatPush } from '../../delivery/deliver-chat-message.ts'
import { expoMaxBytes, type ExpoContent } from '../../delivery/expo-push-channel.ts'
import type { PhoneDevice } from '../../devices/device.ts'
import { callContent } from './call-content.ts'
import { chatContent } from './chat-content.ts'

const nowMs = 1_795_300_000_000
const context = {
  capabilities: createCapabilities('a secret of the tests, long enough'),
  now: () => nowMs,
}
const id = '01a2104f-84fc-7213-bc93-a313f5794d37'
const key = {
  id: 'x'.repeat(32),
  eventId: `chat:${id}:${id}`,
  kind: 'chat_message',
  ownerId: id,
  deviceRowId: id,
  subjectId: id,
} as const

function chat(event: Partial<ChatMessage>, change: Partial<ChatPush<PhoneDevice>> = {}) {
  const whole: ChatMessage = {
    type: 'ChatMessage',
    id,
    conversationId: id,
    senderId: id,
    senderName: 'Ana',
    recipientIds: [id],
    text: 'hello',
    sentAt: new Date(nowMs).toISOString(),
    ...event,
  }
  return chatContent(context, {
    event: whole,
    key,
    to: phone(),
    preferences: null,
    expiresAtMs: nowMs + 86_400_000,
    maxBytes: expoMaxBytes.usual,
    ...change,
  })
}

function call(
  of: Partial<CallPush<PhoneDevice>['call']>,
  change: Partial<CallPush<PhoneDevice>> = {},
): ExpoContent {
  return callContent(context, {
    type: 'incoming_call',
    call: { sessionId: id, callerId: id, callerName: 'Ana', media: 'video', ...of },
    ended: { reason: 'accepted', bySomeoneElse: false },
    key,
    to: phone(),
    preview: 'full',
    expiresAtMs: nowMs + 30_000,
    ttlSeconds: 30,
    maxBytes: expoMaxBytes.usual,
    ...change,
  })
}

const wishes = (preview: NotificationPreferences['preview']): NotificationPreferences => ({
  chat: true,
  calls: true,
  preview,
  muted: [],
})

/** What another backend may call its people and conversations: 255 characters, as wide as they come. */
const anyId = fc.oneof(
  fc.constant(id),
  fc.constantFrom('漢', '"', '\\', '👨', ' ').map((unit) => unit.repeat(255 / unit.length)),
)
const anyPlatform = fc.constantFrom('android', 'ios', null)

/** Well-formed to the last character, and small: what `data` alone takes is in it. */
function expectGood({ message }: ExpoContent, maxBytes: number): void {
  const json = JSON.stringify(message)
  expect(Buffer.byteLength(json)).toBeLessThanOrEqual(maxBytes)
  expect(json).not.toMatch(/\\ud[89a-f]/i)
  expect(Buffer.byteLength(message.collapseId ?? '')).toBeLessThanOrEqual(64)
  expect(message.title).not.toBe('')
}

test('any message fits into 3,000 bytes, whoever wrote whatever to whom, and keeps its ids', () => {
  const preview = fc.constantFrom('auto', 'full', 'sender', 'none')
  fc.assert(
    fc.property(
      fc.record({ senderName: anyText(255), text: anyText(8000), conversationId: anyId }),
      fc.record({ id: anyId, senderId: anyId, conversationTitle: anyText(255) }),
      fc.record({ platform: anyPlatform, preview }),
      (some, more, { platform, preview: wish }) => {
        const to = phone({ platform })
        const content = chat({ ...some, ...more }, { to, preferences: wishes(wish) })
        expectGood(content, 3000)
        expect(content.message.data).toMatchObject({
          type: 'chat_message',
          conversationId: some.conversationId,
          messageId: more.id,
        })
      },
    ),
    { numRuns: 300 },
  )
})

test('any push of a call fits into 3,000 bytes, from whomever, and keeps its session', () => {
  const type = fc.constantFrom('incoming_call', 'call_ended', 'missed_call')
  fc.assert(
    fc.property(
      fc.record({ callerName: anyText(255), callerId: anyId, sessionId: anyId }),
      fc.record({ platform: anyPlatform, type }),
      (of, { platform, type: kind }) => {
        const content = call(of, { type: kind, to: phone({ platform }) })
        expectGood(content, 3000)
        expect(content.message.data).toMatchObject({ type: kind, sessionId: of.sessionId })
      },
    ),
    { numRuns: 300 },
  )
})

test('with ids of ours there is room for words to the last byte, and the path is kept', () => {
  const text = '👨‍👩‍👧‍👦'.repeat(300)
  const { message } = chat({ text }, { preferences: wishes('full') })
  expect(message.body).toMatch(/^(👨‍👩‍👧‍👦)+…$/u)
  expect(Buffer.byteLength(JSON.stringify(message))).toBeGreaterThan(2970)
  expect(message.data).toMatchObject({ url: `/chats/${id}`, senderId: id })
})

test('after "too large" there are the ids alone, in a third of the size', () => {
  const maxBytes = expoMaxBytes.smallest
  const { message } = chat(
    { text: 'secret '.repeat(500) },
    { maxBytes, preferences: wishes('full') },
  )
  expect(message).toMatchObject({ title: 'New message', body: '' })
  expect(message.data).toMatchObject({ conversationId: id, messageId: id, senderId: id })
  expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(maxBytes)
  const ring = call({ callerName: 'Ana '.repeat(60) }, { maxBytes, to: phone({ platform: 'ios' }) })
  expect(ring.message).toMatchObject({ title: 'Incoming call' })
  expect(ring.message.data).toMatchObject({ sessionId: id, callerUid: id, callerName: 'Someone' })
  expect(Buffer.byteLength(JSON.stringify(ring.message))).toBeLessThanOrEqual(maxBytes)
})

test('a path that leaves no room for words gives way to them', () => {
  const url = `/${'漢'.repeat(1000)}`
  const { message } = chat({ url, text: 'hello' }, { preferences: wishes('full') })
  expect(message).toMatchObject({ title: 'Ana', body: 'hello' })
  expect(message.data).not.toHaveProperty('url')
})

test('rings and their ends hurry, everything else waits for company', () => {
  expect(call({}).pace).toBe('ring')
  expect(call({}, { type: 'call_ended' }).pace).toBe('ring')
  expect(call({}, { type: 'missed_call' }).pace).toBe('patient')
  expect(chat({}).pace).toBe('patient')
})

test('who wants nothing seen is shown no name, in the words or in the data', () => {
  for (const platform of ['android', 'ios', null] as const) {
    for (const type of ['incoming_call', 'call_ended', 'missed_call'] as const) {
      const content = call(
        { callerName: 'Zoltan' },
        { type, preview: 'none', to: phone({ platform }) },
      )
      expect(JSON.stringify(content)).not.toContain('Zoltan')
    }
  }
})
