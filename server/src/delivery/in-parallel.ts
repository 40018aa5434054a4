/** Runs `work` for each item, at most `width` at a time. Rejects with the first failure, once all begun ones ended. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const failures: unknown[] = []
  let next = 0
  async function lane(): Promise<void> {
    while (next < items.length && failures.length === 0) {
      const index = next
      next += 1
      const item = items[index]
      if (item === undefined) return
      try {
        results[index] = await work(item)
      } catch (failure) {
        failures.push(failure)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane))
  if (failures.length > 0) throw failures[0]
  return results
}
