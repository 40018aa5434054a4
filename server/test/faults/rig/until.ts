import { setTimeout as delay } from 'node:timers/promises'

/** What was waited for did not come. */
export class WaitError extends Error {
  readonly code = 'WAIT'
  constructor(what: string, withinMs: number, cause: unknown) {
    super(`${what}: not within ${withinMs} ms`, { cause })
    this.name = 'WaitError'
  }
}

/** Looks again and again until it is so. A look that throws saw nothing. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  { withinMs = 60_000, everyMs = 25 }: { withinMs?: number; everyMs?: number } = {},
): Promise<void> {
  const deadline = performance.now() + withinMs
  let last: unknown
  for (;;) {
    try {
      if (await isSo()) return
    } catch (cause) {
      last = cause
    }
    if (performance.now() > deadline) throw new WaitError(what, withinMs, last)
    await delay(everyMs)
  }
}
