/** Asks at most once in a while, and once for all who ask meanwhile. A failure is not kept. */
export function keptFor<T>(
  keepMs: number,
  now: () => number,
  ask: () => Promise<T>,
): () => Promise<T> {
  let askedMs = Number.NEGATIVE_INFINITY
  let answer: Promise<T> | null = null
  return () => {
    const nowMs = now()
    if (answer === null || nowMs - askedMs >= keepMs || nowMs < askedMs) {
      askedMs = nowMs
      const asking = ask()
      answer = asking
      asking.catch(() => {
        if (answer === asking) answer = null
      })
    }
    return answer
  }
}
