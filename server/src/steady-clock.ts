/**
 * A wall clock in whole milliseconds that stands still instead of going back. What is due is ordered by it, and a reader that came
 * as far as a moment never looks before it again.
 */
export function steadyClock(now: () => number): () => number {
  let latestMs = -Infinity
  let behindMs = 0
  return () => {
    const readMs = Math.floor(now())
    // Set back by two hours, it goes on from where it was, and not in two hours' time.
    if (readMs + behindMs < latestMs) behindMs = latestMs - readMs
    latestMs = readMs + behindMs
    return latestMs
  }
}
