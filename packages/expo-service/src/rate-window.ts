/** Counts what was let through in the last window, for each key. */
export interface RateWindow {
  readonly limit: number
  /** Lets `count` more through and returns 0, or counts nothing and returns the milliseconds until there is room. */
  take(key: string, count: number, now: number): number
}

/** A sliding window: no stretch of `windowMs` holds more than `limit`. */
export function createRateWindow(limit: number, windowMs: number): RateWindow {
  const passed = new Map<string, { readonly at: number; readonly count: number }[]>()
  return {
    limit,
    take(key, count, now) {
      const recent = (passed.get(key) ?? []).filter(({ at }) => at > now - windowMs)
      passed.set(key, recent)
      let excess = recent.reduce((sum, entry) => sum + entry.count, count) - limit
      if (excess <= 0) {
        recent.push({ at: now, count })
        return 0
      }
      for (const entry of recent) {
        excess -= entry.count
        if (excess <= 0) return entry.at + windowMs - now
      }
      // More at once than ever fits: a whole window from now it is still too much.
      return windowMs
    },
  }
}
