/** CONTRACT's ladder: what an attempt waits for when the push service did not say. Milliseconds. */
const ladder = {
  chat: [1000, 5000, 30_000, 120_000, 600_000],
  calls: [1000],
} as const

/**
 * How long the next attempt waits: the ladder's step, a fifth more or less so that a crowd spreads,
 * never less than `Retry-After`. `attempt` counts from 1; `random` gives 0 to 1.
 */
export function retryDelayMs(
  lane: keyof typeof ladder,
  attempt: number,
  from: { retryAfterMs: number | undefined; random: () => number },
): number {
  const steps = ladder[lane]
  const step = steps[Math.min(attempt, steps.length) - 1] ?? 1000
  const spread = step * (0.8 + 0.4 * from.random())
  return Math.round(Math.max(spread, from.retryAfterMs ?? 0))
}
