import { withDeadline } from './deadline.ts'

export interface JournalOptions<T> {
  /** What the entries are, in the plural: "notifications". */
  readonly name: string
  /** One entry as it should appear in the message of a missed deadline. */
  readonly describe: (entry: T) => string
  /** For a wait that names no time of its own; 10 s when absent. */
  readonly timeoutMs?: number
}

export interface WaitOptions {
  /** What is awaited, for the message of a missed deadline. */
  readonly awaited?: string
  readonly timeoutMs?: number
}

/**
 * What happened, in order, and a way to wait for what happens next.
 *
 * `next` is armed when it is called: only entries recorded afterwards count, so it is called before
 * the cause and awaited after it. A rejection that nobody awaits yet is not reported as unhandled.
 */
export interface Journal<T> {
  readonly entries: readonly T[]
  readonly record: (entry: T) => void
  readonly next: (matches: (entry: T) => boolean, options?: WaitOptions) => Promise<T>
  /** Rejects whoever still waits. */
  readonly close: () => void
}

interface Waiter<T> {
  readonly matches: (entry: T) => boolean
  readonly resolve: (entry: T) => void
  readonly reject: (error: Error) => void
}

/** An empty {@link Journal}. */
export function createJournal<T>(options: JournalOptions<T>): Journal<T> {
  const entries: T[] = []
  const waiters = new Set<Waiter<T>>()

  const seenSince = (armedAt: number): string => {
    const later = entries.slice(armedAt).map((entry) => options.describe(entry))
    const listed = later.length === 0 ? 'none' : later.slice(-20).join(' | ')
    return `${listed} (${armedAt} ${options.name} before the wait began)`
  }

  const next = (matches: (entry: T) => boolean, wait: WaitOptions = {}): Promise<T> => {
    const armedAt = entries.length
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const waiter: Waiter<T> = { matches, resolve, reject }
    waiters.add(waiter)
    const outcome = withDeadline(promise, {
      awaited: wait.awaited ?? `one of the ${options.name} to match`,
      timeoutMs: wait.timeoutMs ?? options.timeoutMs ?? 10_000,
      seen: () => seenSince(armedAt),
    }).finally(() => waiters.delete(waiter))
    // When the cause itself fails, the test never comes to await this; it has failed already.
    outcome.catch(() => undefined)
    return outcome
  }

  const record = (entry: T): void => {
    entries.push(entry)
    for (const waiter of waiters) {
      if (!waiter.matches(entry)) continue
      waiters.delete(waiter)
      waiter.resolve(entry)
    }
  }

  const close = (): void => {
    for (const waiter of waiters) {
      waiter.reject(new Error(`the ${options.name} were closed while someone waited for one`))
    }
    waiters.clear()
  }

  return { entries, record, next, close }
}
