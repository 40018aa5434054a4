/** Longer waits are of no use: a chat push lives a day. */
const LONGEST_WAIT_MS = 24 * 3_600_000

/**
 * Reads `Retry-After` (RFC 9110 section 10.2.3): seconds, or an HTTP date.
 *
 * @returns Milliseconds from now, at most 24 h; undefined when the value is absent, garbage,
 *   negative or past, so that the caller's own backoff decides.
 */
export function retryAfterMs(value: string | null, nowMs: number): number | undefined {
  if (value === null) return undefined
  const text = value.trim()
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, LONGEST_WAIT_MS)
  // Every HTTP date names its weekday first; `Date.parse` alone would also read "-5" as a year.
  if (!/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return undefined
  const wait = Date.parse(text) - nowMs
  return wait > 0 ? Math.min(wait, LONGEST_WAIT_MS) : undefined
}
