import { expect, test } from 'vitest'
import { chatEvent, message } from '../conformance/samples.ts'
import { contentKey, toPending } from './pending-events.ts'

const event = chatEvent(message(1))

test('an event has one key however its fields are ordered, and another one for other recipients', () => {
  const reordered = {
    ...Object.fromEntries(Object.entries(event).toReversed()),
    ...event,
    conversationTitle: undefined,
  }
  expect(contentKey(reordered)).toBe(contentKey(event))
  expect(contentKey(chatEvent(message(1), ['carol']))).not.toBe(contentKey(event))
})

test('a wrong event fails its writer', () => {
  expect(() => toPending([{ ...event, sentAt: 'yesterday' }])).toThrow()
})

test('an event of long ago is still one that waits', () => {
  const [pending] = toPending([{ ...event, sentAt: '1969-12-31T23:59:59.000Z' }])
  expect(pending?.sinceMs).toBe(1)
})
