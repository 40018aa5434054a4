/** Time and chance as the app takes them: the browser's in the app, a fake one in tests. */
export interface Clock {
  /** Milliseconds since the epoch, by this device. */
  readonly now: () => number
  /** Runs once after so many milliseconds; the answer calls it off. */
  readonly after: (run: () => void, ms: number) => () => void
  /** Runs again and again; the answer calls it off. */
  readonly every: (run: () => void, ms: number) => () => void
  /** A new random id (UUID). */
  readonly makeId: () => string
}

export const browserClock: Clock = {
  now: () => Date.now(),
  after(run, ms) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  every(run, ms) {
    const timer = setInterval(run, ms)
    return () => clearInterval(timer)
  },
  makeId: randomId,
}

/** `crypto.randomUUID` exists only on secure pages; Belfry also opens on plain http in a home network. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const variant = '89ab'[(bytes[8] ?? 0) & 3] ?? '8'
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-')
}
