import { expect, test } from 'vitest'
import { backoffMs } from './backoff.ts'

test('the waits double up to five seconds, and are spread over their second half', () => {
  const [shortest, longest] = [() => 0, () => 1]
  expect([1, 2, 3, 6, 7, 50, 2000].map((n) => backoffMs(n, longest))).toEqual([
    100, 200, 400, 3200, 5000, 5000, 5000,
  ])
  expect([1, 2, 7].map((n) => backoffMs(n, shortest))).toEqual([50, 100, 2500])
})
