/** A visible page has this long to say that it deals with something; more would be heard as a delay. */
export const pageLimitMs = 500

/**
 * Which notifications the page in front deals with by itself. `DISMISS` says so; it often comes
 * before the push, because the page hears of the same event over its own connection.
 */
export interface PageTaker {
  /** The page sent `DISMISS` for this tag. */
  took(tag: string): void
  /** The app has left the front, or the page has gone: nothing is taken any more. */
  forget(): void
  takes(tag: string): Promise<boolean>
}

export interface PageTakerOptions {
  /** Whether a page that answers is in front. */
  readonly isListening: () => boolean
  readonly wait: (ms: number) => Promise<void>
}

export function pageTaker({ isListening, wait }: PageTakerOptions): PageTaker {
  const taken = new Set<string>()
  const waiting = new Map<string, () => void>()
  return {
    took(tag) {
      taken.add(tag)
      waiting.get(tag)?.()
    },
    forget() {
      taken.clear()
    },
    async takes(tag) {
      if (!isListening()) return false
      if (taken.has(tag)) return true
      const told = new Promise<void>((resolve) => waiting.set(tag, resolve))
      await Promise.race([told, wait(pageLimitMs)])
      waiting.delete(tag)
      return isListening() && taken.has(tag)
    },
  }
}
