import { expect, test } from 'vitest'
import { whenWords } from './when-words.ts'

const nowMs = Date.parse('2026-11-21T14:00:00Z')
const london = { nowMs, locale: 'en-GB', timeZone: 'Europe/London' }

test('times are relative up to an hour, then by the clock, the day and the date', () => {
  const instants = [
    '2026-11-21T13:59:30Z',
    '2026-11-21T13:59:00Z',
    '2026-11-21T13:58:00Z',
    '2026-11-21T09:05:00Z',
    '2026-11-20T18:03:00Z',
    '2026-11-17T19:12:00Z',
    '2026-11-11T08:00:00Z',
    '2024-11-11T08:00:00Z',
  ]
  expect(instants.map((at) => whenWords(Date.parse(at), london))).toEqual([
    'just now',
    '1 minute ago',
    '2 minutes ago',
    'today at 09:05',
    'yesterday at 18:03',
    'on Tuesday',
    'on 11 November',
    'on 11 November 2024',
  ])
})

test('midnight of the person’s own time zone parts today from yesterday', () => {
  const at = Date.parse('2026-11-20T23:30:00Z')
  expect(whenWords(at, london)).toBe('yesterday at 23:30')
  expect(whenWords(at, { ...london, timeZone: 'Europe/Berlin' })).toBe('today at 00:30')
})

test('a clock that runs behind the server’s says just now, not the future', () => {
  expect(whenWords(nowMs + 5000, london)).toBe('just now')
})

test('a language we have no words for gets English dates, not a mixture', () => {
  expect(whenWords(Date.parse('2026-11-11T08:00:00Z'), { ...london, locale: 'de' })).toBe(
    'on 11 November',
  )
})
