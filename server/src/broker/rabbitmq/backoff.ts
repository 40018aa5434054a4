/** How long after its nth failure in a row (1 is the first) a connection is tried again, in milliseconds. */
export function backoffMs(failures: number, random: () => number): number {
  const ceilingMs = Math.min(longestMs, shortestMs * 2 ** (failures - 1))
  // Between half and the whole: a hundred processes do not come back in the same instant.
  return ceilingMs * (0.5 + random() / 2)
}

const shortestMs = 100
const longestMs = 5000
