import { ProblemError } from './problem.ts'

/** A rate by key: `perSecond` on average, `burst` at once. */
export interface TokenBucket {
  /** @throws ProblemError RATE_LIMITED with `Retry-After` when the bucket is empty. */
  take(key: string): void
}

interface Bucket {
  readonly tokens: number
  readonly atMs: number
}

/** A key that is not here has a full bucket; the one longest silent makes way beyond this. */
const mostBuckets = 100_000

export function createTokenBucket(limit: {
  perSecond: number
  burst: number
  now: () => number
}): TokenBucket {
  const { perSecond, burst, now } = limit
  const buckets = new Map<string, Bucket>()

  return {
    take(key) {
      const atMs = now()
      const before = buckets.get(key) ?? { tokens: burst, atMs }
      // A clock that was set back fills nothing, and takes nothing away either.
      const elapsedMs = Math.max(0, atMs - before.atMs)
      const tokens = Math.min(burst, before.tokens + (elapsedMs / 1000) * perSecond)
      if (tokens < 1) {
        throw new ProblemError('RATE_LIMITED', {
          retryAfter: Math.max(1, Math.ceil((1 - tokens) / perSecond)),
        })
      }
      buckets.delete(key)
      buckets.set(key, { tokens: tokens - 1, atMs })
      const oldest = buckets.keys().next().value
      if (buckets.size > mostBuckets && oldest !== undefined) buckets.delete(oldest)
    },
  }
}
