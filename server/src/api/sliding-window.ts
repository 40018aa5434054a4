import { ProblemError } from './problem.ts'

/**
 * A limit by key (a person, a name, an address): at most so many in any window, exactly. For small
 * numbers that people count themselves; `token-bucket.ts` is for rates.
 */
export interface SlidingWindow {
  /** Counts one. @throws ProblemError RATE_LIMITED with `Retry-After` when the window is full. */
  take(key: string): void
  /** Throws like `take` when full, and counts nothing. */
  check(key: string): void
}

/** What is kept for the key longest silent makes way beyond this. */
const mostKeys = 100_000

export function createSlidingWindow(limit: {
  most: number
  windowMs: number
  now: () => number
}): SlidingWindow {
  const { most, windowMs, now } = limit
  const taken = new Map<string, number[]>()

  /** Those within the window. Ones from the future were counted before the clock was set back: forgotten. */
  function recent(key: string, nowMs: number): number[] {
    return (taken.get(key) ?? []).filter((atMs) => atMs > nowMs - windowMs && atMs <= nowMs)
  }

  function room(key: string): { times: number[]; nowMs: number } {
    const nowMs = now()
    const times = recent(key, nowMs)
    if (times.length < most) return { times, nowMs }
    const freeAtMs = (times.at(-most) ?? nowMs) + windowMs
    throw new ProblemError('RATE_LIMITED', {
      retryAfter: Math.max(1, Math.ceil((freeAtMs - nowMs) / 1000)),
    })
  }

  return {
    check(key) {
      room(key)
    },
    take(key) {
      const { times, nowMs } = room(key)
      taken.delete(key)
      taken.set(key, [...times, nowMs])
      const oldest = taken.keys().next().value
      if (taken.size > mostKeys && oldest !== undefined) taken.delete(oldest)
    },
  }
}
