/** Thrown when something awaited did not come in time; the message says what was seen instead. */
class DeadlineError extends Error {
  readonly code = 'E2E_DEADLINE'
}

/** What is awaited, for how long, and what to say was seen when it does not come. */
export interface Deadline {
  /** Completes the sentence "waited 10000 ms for …". */
  readonly awaited: string
  readonly timeoutMs: number
  /** Asked only when the time is up. */
  readonly seen: () => string
}

/**
 * The outcome of `work`, or a {@link DeadlineError} after `timeoutMs`. The work itself goes on:
 * a caller that owns a process or a socket closes it in its own `finally`.
 */
export async function withDeadline<T>(work: Promise<T>, deadline: Deadline): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const { timeoutMs, awaited, seen } = deadline
    reject(new DeadlineError(`waited ${timeoutMs} ms for ${awaited}; seen: ${seen()}`))
  }, deadline.timeoutMs)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
