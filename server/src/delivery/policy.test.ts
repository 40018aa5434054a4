import type { NotificationPreferences } from '@belfry/contracts'
import { expect, test } from 'vitest'
import { callRings, refuseCall, refuseChat } from './policy.ts'

const now = Date.parse('2026-11-21T10:00:00.000Z')
const wishes: NotificationPreferences = { chat: true, calls: true, preview: 'auto', muted: [] }

test('who never said anything hears of everything', () => {
  expect(refuseChat(null, 'c', now)).toBeNull()
  expect(refuseCall(null)).toBeNull()
  expect(callRings(null)).toBe(true)
})

test('who wants no chat hears of none, and still rings', () => {
  expect(refuseChat({ ...wishes, chat: false }, 'c', now)).toBe('chat_off')
  expect(refuseCall({ ...wishes, chat: false })).toBeNull()
})

test('who wants no calls is not rung', () => {
  expect(refuseCall({ ...wishes, calls: false })).toBe('calls_off')
  expect(callRings({ ...wishes, calls: false })).toBe(false)
})

test('a muted conversation is silent until its time, others are not', () => {
  const until = new Date(now + 1).toISOString()
  const muted = { ...wishes, muted: [{ conversationId: 'c', until }] }
  expect(refuseChat(muted, 'c', now)).toBe('muted')
  expect(refuseChat(muted, 'd', now)).toBeNull()
  expect(refuseChat(muted, 'c', now + 1)).toBeNull()
})

test('muted without an end is muted for good, and its calls ring', () => {
  const muted = { ...wishes, muted: [{ conversationId: 'c', until: null }] }
  expect(refuseChat(muted, 'c', now + 1e12)).toBe('muted')
  expect(refuseCall(muted)).toBeNull()
})
