import type { RecordKey, RecordStore } from './record/index.ts'

/** What is kept under that key as a map; an empty one for anything else. */
export function asMap(current: unknown): Map<unknown, unknown> {
  return current instanceof Map ? current : new Map()
}

/** Under each key the newest 200: more than rings and messages that can still be under way. */
const size = 200

/** The map with that entry as its newest, and the oldest gone when it grows too big. */
export function withNewest(current: unknown, key: string, value: unknown): Map<unknown, unknown> {
  const map = asMap(current)
  map.delete(key)
  map.set(key, value)
  if (map.size > size) map.delete(map.keys().next().value)
  return map
}

export function keepNewest(
  store: RecordStore,
  where: RecordKey,
  [key, value]: readonly [string, unknown],
): Promise<void> {
  return store.change(where, (current) => withNewest(current, key, value))
}
