import { pushPayload as schema, type PushData } from '@belfry/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyText } from '../../test/delivery/any-text.ts'
import { createCapabilities } from './capabilities.ts'
import { pushPayload } from './push-payload.ts'

const id = '01a2104f-84fc-7213-bc93-a313f5794d37'
const deliveryId = 'x'.repeat(32)
const receipt = createCapabilities('a secret of the tests, long enough').receipt({
  deliveryId,
  deviceRowId: id,
  subjectId: id,
})
const shared = { v: 1, id: deliveryId, receipt, ts: 1_795_300_000, exp: 1_795_300_030 } as const
const origin = 'https://belfry.chat.of-a-rather-long-company-name.example.com'

function ofCall(callerName: string): { data: PushData; navigate: string; tag: string } {
  const call = { sessionId: id, callerUid: id, callerName }
  return {
    data: { type: 'incoming_call', ...shared, ...call, media: 'video' },
    navigate: `${origin}/calls/incoming?sessionId=${id}`,
    tag: `call-${id}`,
  }
}

const ofChat: { data: PushData; navigate: string; tag: string } = {
  data: { type: 'chat_message', ...shared, conversationId: id, messageId: id, senderId: id },
  navigate: `${origin}/chats/${id}`,
  tag: `chat-${id}`,
}

test.each([2800, 700])(
  'any message fits into %i bytes, and is what the contract says',
  (maxBytes) => {
    fc.assert(
      fc.property(anyText(255), anyText(8000), (title, body) => {
        const text = pushPayload({ title, body, silent: false, ...ofChat }, maxBytes)
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes)
        const payload = schema.parse(JSON.parse(text))
        expect(payload.notification.data).toEqual(ofChat.data)
        expect(payload.notification.title.isWellFormed()).toBe(true)
        expect(payload.notification.body.isWellFormed()).toBe(true)
      }),
      { numRuns: 150 },
    )
  },
)

test.each([2800, 700])('a call from anybody fits into %i bytes', (maxBytes) => {
  fc.assert(
    fc.property(anyText(255), (name) => {
      const title = `${name} is calling`
      const text = pushPayload(
        { title, body: 'Video call', silent: false, ...ofCall(name) },
        maxBytes,
      )
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes)
      const payload = schema.parse(JSON.parse(text))
      expect(payload.notification.data).toMatchObject({ sessionId: id, callerUid: id, receipt })
    }),
    { numRuns: 150 },
  )
})

test('the flat keys for simple service workers are there, and make room only when every byte counts', () => {
  const input = { title: 'Ana is calling', body: 'Video call', silent: false, ...ofCall('Ana') }
  expect(JSON.parse(pushPayload(input, 2800))).toMatchObject({
    type: 'incoming_call',
    sessionId: id,
    callerUid: id,
    callerName: 'Ana',
  })
  const small = schema.parse(JSON.parse(pushPayload(input, 700)))
  expect(small.type).toBe('incoming_call')
  expect(small.sessionId).toBeUndefined()
  expect(small.notification.title).toBe('Ana is calling')
})

test('a long text is cut between characters, with an ellipsis, and uses the room there is', () => {
  const text = pushPayload({ title: 'Ana', body: '👨‍👩‍👧‍👦'.repeat(300), silent: false, ...ofChat }, 2800)
  const { body } = schema.parse(JSON.parse(text)).notification
  expect(body).toMatch(/^(👨‍👩‍👧‍👦)+…$/u)
  expect(Buffer.byteLength(text)).toBeGreaterThan(2770)
})

test('an empty title becomes an ellipsis: a notification must have one', () => {
  const text = pushPayload({ title: '', body: '', silent: false, ...ofChat }, 2800)
  expect(schema.parse(JSON.parse(text)).notification.title).toBe('…')
})
