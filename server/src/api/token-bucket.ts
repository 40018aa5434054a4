import { ProblemError } from './problem.ts'

/** A limit by key (a person, a name, an address): `perSecond` on average, `burst` at once. */
export interface TokenBucket {
  /** @throws ProblemError RATE_LIMITED with `Retry-After` when the bucket is empty. */
  take(key: string): void
  /** Throws like `take` when empty, and takes nothing. */
  check(key: string): void
}

interface Bucket {
  tokens: number
  atMs: number
}

/** Full buckets say nothing and are dropped; this many may be other than full. */
const mostBuckets = 100_000

export function createTokenBucket(limit: {
  perSecond: number
  burst: number
  now: () => number
}): TokenBucket {
  const buckets = new Map<string, Bucket>()

  function level(key: string): Bucket {
    const nowMs = limit.now()
    const bucket = buckets.get(key) ?? { tokens: limit.burst, atMs: nowMs }
    bucket.tokens = Math.min(
      limit.burst,
      bucket.tokens + ((nowMs - bucket.atMs) / 1000) * limit.perSecond,
    )
    bucket.atMs = nowMs
    return bucket
  }

  function check(key: string): Bucket {
    const bucket = level(key)
    if (bucket.tokens >= 1) return bucket
    throw new ProblemError('RATE_LIMITED', {
      retryAfter: Math.max(1, Math.ceil((1 - bucket.tokens) / limit.perSecond)),
    })
  }

  return {
    check,
    take(key) {
      const bucket = check(key)
      bucket.tokens -= 1
      buckets.delete(key)
      buckets.set(key, bucket)
      const oldest = buckets.keys().next().value
      if (buckets.size > mostBuckets && oldest !== undefined) buckets.delete(oldest)
    },
  }
}
