import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { retryDelayMs } from './retry-delay.ts'

const middle = { retryAfterMs: undefined, random: () => 0.5 }

test('patience grows step by step and stays at ten minutes', () => {
  const steps = [1, 2, 3, 4, 5, 6, 100].map((attempt) => retryDelayMs('patient', attempt, middle))
  expect(steps).toEqual([1000, 5000, 30_000, 120_000, 600_000, 600_000, 600_000])
})

test('a ring has no time for that: every second', () => {
  expect([1, 2, 30].map((attempt) => retryDelayMs('ring', attempt, middle))).toEqual([
    1000, 1000, 1000,
  ])
})

test('a crowd spreads by a fifth to both sides', () => {
  expect(retryDelayMs('patient', 2, { ...middle, random: () => 0 })).toBe(4000)
  expect(retryDelayMs('patient', 2, { ...middle, random: () => 0.999_999 })).toBe(6000)
})

test('Retry-After is a floor on both lanes, and a crowd that was told the same second spreads above it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('ring' as const, 'patient' as const),
      fc.integer({ min: 1, max: 50 }),
      fc.record({
        retryAfterMs: fc.integer({ min: 0, max: 86_400_000 }),
        at: fc.double({ min: 0, max: 0.999_999, noNaN: true }),
      }),
      (pace, attempt, { retryAfterMs, at }) => {
        const delayMs = retryDelayMs(pace, attempt, { retryAfterMs, random: () => at })
        return Number.isInteger(delayMs) && delayMs >= retryAfterMs && delayMs >= 800
      },
    ),
  )
  const told = (at: number) =>
    retryDelayMs('patient', 1, { retryAfterMs: 30_000, random: () => at })
  expect(told(0)).toBe(30_000)
  expect(told(0.5)).toBeGreaterThan(30_000)
})
