/** Bounds how many notifications leave within any one second. */
export interface SendWindow {
  /** How many may leave now. */
  room(isRing: boolean, nowMs: number): number
  spend(count: number, nowMs: number): void
  /** When there will be more room than now. Milliseconds since 1970, or Infinity. */
  nextRoomAtMs(): number
}

const SECOND_MS = 1000

/**
 * A sliding second and not a bucket that refills, which would let twice its size pass within one
 * second after a pause. A tenth is kept for rings: without it a burst of chats would hold up a
 * ring for most of a second.
 */
export function createSendWindow(maxPerSecond: number): SendWindow {
  const keptForRings = Math.floor(maxPerSecond / 10)
  /** Oldest first. */
  const spent: { readonly atMs: number; readonly count: number }[] = []
  let total = 0

  return {
    room(isRing, nowMs) {
      for (let oldest = spent[0]; oldest && oldest.atMs <= nowMs - SECOND_MS; oldest = spent[0]) {
        total -= oldest.count
        spent.shift()
      }
      return Math.max(0, maxPerSecond - total - (isRing ? 0 : keptForRings))
    },
    spend(count, nowMs) {
      total += count
      spent.push({ atMs: nowMs, count })
    },
    nextRoomAtMs() {
      const [oldest] = spent
      return oldest === undefined ? Infinity : oldest.atMs + SECOND_MS
    },
  }
}
