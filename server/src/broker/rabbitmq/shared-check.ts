/**
 * One check for all who ask at about the same time: each is told the answer to a question that was put after they
 * asked, and no two are under way at once.
 */
export function sharedCheck(check: () => Promise<void>): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve()
  let next: Promise<void> | null = null
  return () => {
    next ??= running.then(() => {
      next = null
      const asked = check()
      running = asked.catch(() => {}) // Whoever asked hears of it.
      return asked
    })
    return next
  }
}
