import { expect, test } from 'vitest'
import { createRateWindow } from './rate-window.ts'

test('what goes through frees its room exactly one window later', () => {
  const rate = createRateWindow(10, 1000)
  expect(rate.take('a', 6, 0)).toBe(0)
  expect(rate.take('a', 4, 400)).toBe(0)
  expect(rate.take('a', 1, 500)).toBe(500)
  expect(rate.take('a', 6, 999)).toBe(1)
  expect(rate.take('a', 6, 1000)).toBe(0)
  expect(rate.take('a', 1, 1001)).toBe(399)
})

test('what has to wait for two earlier ones waits for the later of them', () => {
  const rate = createRateWindow(10, 1000)
  rate.take('a', 6, 0)
  rate.take('a', 4, 400)
  expect(rate.take('a', 7, 500)).toBe(900)
})

test('what was refused takes no room, and keys do not share', () => {
  const rate = createRateWindow(10, 1000)
  rate.take('a', 8, 0)
  expect(rate.take('a', 3, 1)).toBe(999)
  expect(rate.take('a', 2, 2)).toBe(0)
  expect(rate.take('b', 10, 3)).toBe(0)
})

test('more than ever fits is always refused', () => {
  const rate = createRateWindow(10, 1000)
  expect(rate.take('a', 11, 0)).toBe(1000)
  expect(rate.take('a', 11, 5000)).toBe(1000)
})
