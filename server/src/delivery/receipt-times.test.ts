import { expect, test } from 'vitest'
import { firstReceiptTimeMs, nextReceiptTimeMs } from './receipt-times.ts'

const sentAtMs = 1_795_300_000_000
const minuteMs = 60_000

test('Expo is asked after 15 minutes, 30 minutes, 2 hours and 8 hours, and then no more', () => {
  const minutes: number[] = []
  let atMs: number | null = firstReceiptTimeMs(sentAtMs, 15 * minuteMs)
  while (atMs !== null) {
    minutes.push((atMs - sentAtMs) / minuteMs)
    atMs = nextReceiptTimeMs(sentAtMs, atMs + 1000)
  }
  expect(minutes).toEqual([15, 30, 120, 480])
})

test('a process that was away asks at once, and then at the times that are left', () => {
  expect(nextReceiptTimeMs(sentAtMs, sentAtMs + 90 * minuteMs)).toBe(sentAtMs + 120 * minuteMs)
  expect(nextReceiptTimeMs(sentAtMs, sentAtMs + 600 * minuteMs)).toBeNull()
})
