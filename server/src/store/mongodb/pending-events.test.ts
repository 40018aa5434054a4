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

test('a document waits since its oldest event, and one without events does not', () => {
  const earlier = { ...event, sentAt: '2026-11-21T09:00:00.000Z' }
  expect(toPending([event, earlier]).pendingSinceMs).toBe(Date.parse(earlier.sentAt))
  expect(toPending([])).toEqual({ pending: [] })
})

test('an event of long ago is still one that waits', () => {
  expect(toPending([{ ...event, sentAt: '1969-12-31T23:59:59.000Z' }]).pendingSinceMs).toBe(1)
})
