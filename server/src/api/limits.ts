import { createSlidingWindow, type SlidingWindow } from './sliding-window.ts'
import { createTokenBucket, type TokenBucket } from './token-bucket.ts'

/** What one may do how often, before 429. Counted by each process for itself. */
export interface Limits {
  /** By address: 60 in any minute. */
  readonly signUps: SlidingWindow
  /** By folded name: 10 in any minute, then the right password waits as well. */
  readonly failedSignIns: SlidingWindow
  /** By person: 300 in any minute. */
  readonly subscriptions: SlidingWindow
  /** By person: 200 a second, 3,000 at once. */
  readonly messages: TokenBucket
}

export function createLimits(now: () => number): Limits {
  const perMinute = (most: number) => createSlidingWindow({ most, windowMs: 60_000, now })
  return {
    signUps: perMinute(60),
    failedSignIns: perMinute(10),
    subscriptions: perMinute(300),
    messages: createTokenBucket({ perSecond: 200, burst: 3000, now }),
  }
}
