/**
 * A push service says that a subscription belongs to another VAPID key. If our key is wrong, that is
 * said of every row, and forgetting them would lose everybody. So a row is forgotten only when another
 * endpoint of that origin accepted the very same key within the hour, and five an hour at most.
 */
export interface KeyMismatches {
  noteAccepted(origin: string, vapidPublicKey: string, endpointHash: string): void
  /** May this row be forgotten? Counts it when so. */
  mayForget(origin: string, vapidPublicKey: string, endpointHash: string): boolean
}

const hourMs = 3_600_000
const mostAnHour = 5

export function createKeyMismatches(now: () => number): KeyMismatches {
  const accepted = new Map<string, Map<string, number>>()
  let forgottenAtMs: number[] = []
  const keyOf = (origin: string, vapidPublicKey: string) => `${origin} ${vapidPublicKey}`

  return {
    noteAccepted(origin, vapidPublicKey, endpointHash) {
      const key = keyOf(origin, vapidPublicKey)
      const byEndpoint = accepted.get(key) ?? new Map<string, number>()
      // Two endpoints are enough to know of "another".
      byEndpoint.delete(endpointHash)
      byEndpoint.set(endpointHash, now())
      const oldest = byEndpoint.keys().next().value
      if (byEndpoint.size > 2 && oldest !== undefined) byEndpoint.delete(oldest)
      accepted.set(key, byEndpoint)
    },
    mayForget(origin, vapidPublicKey, endpointHash) {
      const since = now() - hourMs
      const others = [...(accepted.get(keyOf(origin, vapidPublicKey)) ?? [])]
      if (!others.some(([hash, atMs]) => hash !== endpointHash && atMs > since)) return false
      forgottenAtMs = forgottenAtMs.filter((atMs) => atMs > since)
      if (forgottenAtMs.length >= mostAnHour) return false
      forgottenAtMs.push(now())
      return true
    },
  }
}
