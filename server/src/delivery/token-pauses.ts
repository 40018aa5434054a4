/**
 * Expo says that a phone gets too much (`MessageRateExceeded`): a minute's pause, then two, up to an
 * hour, for as long as it goes on saying so. An hour without it, and it begins with a minute again.
 *
 * The pause itself is in the device's row; only its length is remembered here.
 */
export interface TokenPauses {
  /** How long from now. Said again during a pause, it is what is left of that one. */
  nextMs(endpointHash: string): number
}

const firstMs = 60_000
const longestMs = 3_600_000
/** Remembered at most; those longest paused are forgotten first. */
const mostRemembered = 10_000

export function createTokenPauses(now: () => number): TokenPauses {
  const pauses = new Map<string, { readonly lengthMs: number; readonly untilMs: number }>()
  return {
    nextMs(endpointHash) {
      const last = pauses.get(endpointHash)
      if (last !== undefined && last.untilMs > now()) return last.untilMs - now()
      const isCalm = last === undefined || now() - last.untilMs > longestMs
      const lengthMs = isCalm ? firstMs : Math.min(2 * last.lengthMs, longestMs)
      pauses.delete(endpointHash)
      pauses.set(endpointHash, { lengthMs, untilMs: now() + lengthMs })
      const [oldest] = pauses.keys()
      if (pauses.size > mostRemembered && oldest !== undefined) pauses.delete(oldest)
      return lengthMs
    },
  }
}
