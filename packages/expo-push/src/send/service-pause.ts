/** Holds everything back after Expo said 429. */
export interface ServicePause {
  /** Milliseconds since 1970; in the past when nothing is held back. */
  untilMs(): number
  /** @returns How long from now, in ms. */
  begin(retryAfterMs: number | undefined, nowMs: number): number
  /** Expo took something. */
  noteAccepted(): void
}

const FIRST_MS = 1000
const LONGEST_OWN_MS = 60_000
/** One answer stops every push, so it stops them for an hour at most, whatever it says. */
const LONGEST_MS = 3_600_000

/** As long as `Retry-After` says; without one a second, doubling with every 429 in a row. */
export function createServicePause(random: () => number): ServicePause {
  let endsAtMs = -Infinity
  let inARow = 0

  return {
    untilMs: () => endsAtMs,
    begin(retryAfterMs, nowMs) {
      // Several requests may be refused together: that is one 429, not five in a row.
      if (endsAtMs <= nowMs) inARow++
      const own = Math.min(FIRST_MS * 2 ** (inARow - 1), LONGEST_OWN_MS)
      // Upwards only: what Expo asked for is the least. Spread, because other processes wait as well.
      const wait = Math.min(Math.ceil((retryAfterMs ?? own) * (1 + random() / 10)), LONGEST_MS)
      endsAtMs = Math.max(endsAtMs, nowMs + wait)
      return endsAtMs - nowMs
    },
    noteAccepted() {
      inARow = 0
    },
  }
}
