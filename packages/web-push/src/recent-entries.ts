/** A map that forgets what was used longest ago once it holds `limit` entries. */
export interface RecentEntries<Value> {
  get(key: string): Value | undefined
  set(key: string, value: Value): void
  readonly size: number
}

/** @param limit How many entries to keep; 0 keeps none. */
export function createRecentEntries<Value>(limit: number): RecentEntries<Value> {
  // A Map iterates in insertion order, so moving a hit to the end keeps the oldest first.
  const entries = new Map<string, Value>()
  return {
    get(key) {
      const value = entries.get(key)
      if (value !== undefined) {
        entries.delete(key)
        entries.set(key, value)
      }
      return value
    },
    set(key, value) {
      if (limit <= 0) return
      entries.delete(key)
      if (entries.size >= limit) {
        for (const oldest of entries.keys()) {
          entries.delete(oldest)
          break
        }
      }
      entries.set(key, value)
    },
    get size() {
      return entries.size
    },
  }
}
