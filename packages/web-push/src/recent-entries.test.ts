import { expect, test } from 'vitest'
import { createRecentEntries } from './recent-entries.ts'

test('what was used longest ago is forgotten first', () => {
  const entries = createRecentEntries<number>(2)
  entries.set('alice', 1)
  entries.set('bob', 2)
  entries.get('alice')
  entries.set('carol', 3)
  expect([entries.get('alice'), entries.get('bob'), entries.get('carol')]).toEqual([
    1,
    undefined,
    3,
  ])
  expect(entries.size).toBe(2)
})

test('setting again keeps one entry, the newest', () => {
  const entries = createRecentEntries<number>(2)
  entries.set('alice', 1)
  entries.set('bob', 2)
  entries.set('alice', 3)
  entries.set('carol', 4)
  expect([entries.get('alice'), entries.get('bob'), entries.get('carol')]).toEqual([
    3,
    undefined,
    4,
  ])
})

test('a limit of nothing remembers nothing', () => {
  const entries = createRecentEntries<number>(0)
  entries.set('alice', 1)
  expect(entries.get('alice')).toBeUndefined()
})
