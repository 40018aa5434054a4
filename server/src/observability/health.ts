/** Something that this process stands on, and how to learn whether it works. */
export type Foundations = Readonly<Record<string, { ping(): Promise<void> }>>

/** This process cannot do its work now. It goes on trying, and is ready again by itself. */
export class NotReadyError extends Error {
  readonly code = 'NOT_READY'
  /** What does not answer, by name. */
  readonly missing: readonly string[]

  constructor(failures: ReadonlyMap<string, unknown>) {
    const missing = [...failures.keys()]
    super(`Not ready: ${missing.join(' and ')} cannot be used now.`, {
      cause: failures.values().next().value,
    })
    this.name = 'NotReadyError'
    this.missing = missing
  }
}

/**
 * Asks all of them at once. Rejects with `NotReadyError` as soon as all have answered, at the latest after `withinMs`:
 * who does not answer is missing too.
 */
export async function checkReady(foundations: Foundations, withinMs = 4500): Promise<void> {
  const failures = new Map<string, unknown>()
  const late = Promise.withResolvers<never>()
  late.promise.catch(() => {}) // Heard below, by those who are late.
  const timer = setTimeout(
    () => late.reject(new Error(`no answer within ${withinMs} ms`)),
    withinMs,
  )
  await Promise.all(
    Object.entries(foundations).map(async ([name, foundation]) => {
      try {
        await Promise.race([foundation.ping(), late.promise])
      } catch (cause) {
        failures.set(name, cause)
      }
    }),
  )
  clearTimeout(timer)
  if (failures.size > 0) throw new NotReadyError(failures)
}
