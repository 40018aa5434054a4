import { expect, test } from 'vitest'
import { createTimes } from '../src/model/times.ts'

const now = Date.parse('2026-11-20T14:06:30Z')
const at = (iso: string) => Date.parse(iso)
const inLondon = createTimes({ locale: 'en-GB', timeZone: 'Europe/London' })

test('a row says the time today, then Yesterday, the weekday, the date', () => {
  expect(inLondon.row(at('2026-11-20T09:14:00Z'), now)).toBe('09:14')
  expect(inLondon.row(at('2026-11-19T23:59:00Z'), now)).toBe('Yesterday')
  expect(inLondon.row(at('2026-11-17T09:00:00Z'), now)).toBe('Tue')
  expect(inLondon.row(at('2026-11-12T09:00:00Z'), now)).toBe('12 Nov')
  expect(inLondon.row(at('2025-11-12T09:00:00Z'), now)).toBe('12 Nov 2025')
})

test('the line between days names the day', () => {
  expect(inLondon.dayLine(at('2026-11-20T01:00:00Z'), now)).toBe('Today')
  expect(inLondon.dayLine(at('2026-11-19T01:00:00Z'), now)).toBe('Yesterday')
  expect(inLondon.dayLine(at('2026-11-18T01:00:00Z'), now)).toBe('Wednesday 18 November')
})

test('days are counted where the person is, also over a change of the clocks', () => {
  const berlin = createTimes({ locale: 'de-DE', timeZone: 'Europe/Berlin' })
  // The clocks went back on 25 October 2026: that day had 25 hours.
  const monday = at('2026-10-26T08:00:00Z')
  expect(berlin.row(at('2026-10-24T22:30:00Z'), monday)).toBe('Gestern')
  expect(berlin.row(at('2026-10-24T21:30:00Z'), monday)).toBe('Sa')
})
