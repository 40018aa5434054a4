import { expect, test } from 'vitest'
import { createPresenceBoard, type PresenceEntry } from './presence-board.ts'

function entry(change: Partial<PresenceEntry> = {}): PresenceEntry {
  return {
    userId: 'ana',
    deviceId: 'desk',
    tabId: 'tab-1',
    visible: true,
    conversationId: 'c-1',
    untilMs: 60_000,
    ...change,
  }
}

test('only the very browser of the very person, and only that conversation, is being viewed', () => {
  const board = createPresenceBoard(() => 0)
  board.note(entry())
  expect(board.isViewing('ana', 'desk', 'c-1')).toBe(true)
  expect(board.isViewing('ana', 'desk', 'c-2')).toBe(false)
  expect(board.isViewing('ana', 'phone', 'c-1')).toBe(false)
  expect(board.isViewing('bob', 'desk', 'c-1')).toBe(false)
})

test('of two tabs of one browser either counts, until it is hidden or shows something else', () => {
  const board = createPresenceBoard(() => 0)
  board.note(entry())
  board.note(entry({ tabId: 'tab-2', conversationId: 'c-2' }))
  expect(board.isViewing('ana', 'desk', 'c-1')).toBe(true)
  expect(board.isViewing('ana', 'desk', 'c-2')).toBe(true)
  board.note(entry({ visible: false }))
  board.note(entry({ tabId: 'tab-2', conversationId: null }))
  expect(board.isViewing('ana', 'desk', 'c-1')).toBe(false)
  expect(board.isViewing('ana', 'desk', 'c-2')).toBe(false)
})

test('what a tab does not repeat is forgotten when its time is up', () => {
  let nowMs = 0
  const board = createPresenceBoard(() => nowMs)
  board.note(entry())
  nowMs = 60_000
  expect(board.isViewing('ana', 'desk', 'c-1')).toBe(false)
})

test('names cannot be joined into those of another', () => {
  const board = createPresenceBoard(() => 0)
  board.note(entry({ userId: 'a","b', deviceId: 'c' }))
  expect(board.isViewing('a', 'b","c', 'c-1')).toBe(false)
})
