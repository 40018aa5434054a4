/**
 * CONTRACT's ladders: what an attempt waits for when the push service did not say. Milliseconds.
 * `ring` is for what is over in a minute; all else has patience, a missed call too, although its
 * lane is that of calls.
 */
const ladders = {
  ring: [1000],
  patient: [1000, 5000, 30_000, 120_000, 600_000],
} as const

export type Pace = keyof typeof ladders

/**
 * How long the next attempt waits: the ladder's step, a fifth more or less so that a crowd spreads;
 * `Retry-After` is a floor, spread upwards only. `attempt` counts from 1; `random` gives 0 to 1.
 */
export function retryDelayMs(
  pace: Pace,
  attempt: number,
  from: { retryAfterMs: number | undefined; random: () => number },
): number {
  const steps = ladders[pace]
  const step = steps[Math.min(attempt, steps.length) - 1] ?? 1000
  const spread = 0.4 * step * from.random()
  const floor = from.retryAfterMs === undefined ? 0 : from.retryAfterMs + spread
  return Math.round(Math.max(0.8 * step + spread, floor))
}
