/** Spreads encryptions over turns of the event loop. */
export interface EncryptionTurns {
  /** Resolves when this one may encrypt: at once, while fewer than eight did in this turn. */
  next(isUrgent: boolean): Promise<void>
}

/** Eight encryptions are about 1 ms of the event loop. */
const PER_TURN = 8

/**
 * A thousand sends at once would hold the event loop for 100 ms, and a ring with it. So at
 * most eight encrypt in a row, then sockets and timers have their turn; urgent ones go first.
 */
export function createEncryptionTurns(): EncryptionTurns {
  const urgent: (() => void)[] = []
  const normal: (() => void)[] = []
  let used = 0

  const startTurn = () => {
    used = 0
    while (used < PER_TURN) {
      const enter = urgent.shift() ?? normal.shift()
      if (!enter) break
      used++
      enter()
    }
    if (used > 0) setImmediate(startTurn)
  }

  return {
    next(isUrgent) {
      if (used < PER_TURN) {
        if (used === 0) setImmediate(startTurn)
        used++
        return Promise.resolve()
      }
      return new Promise((resolve) => {
        const queue = isUrgent ? urgent : normal
        queue.push(resolve)
      })
    },
  }
}
