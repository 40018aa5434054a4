import type { PushData } from '@belfry/contracts'

/** What a browser profile remembers for Belfry, shared by the worker and the pages of one origin. */
export type RecordKey =
  | 'registration'
  | 'device-id'
  | 'clock-offset'
  | `seen-${PushData['type']}`
  | 'ended-calls'
  | 'pending-action'
  | 'refused-unasked'

/**
 * A small key-value store that outlives the worker.
 *
 * - What is read MUST be treated as unknown: another version of the app may have written it.
 * - `change` MUST be atomic over all tabs and the worker, and happen in the order of the calls.
 */
export interface RecordStore {
  /** Undefined when nothing is kept under that key. */
  read(key: RecordKey): Promise<unknown>
  /** One step from what is kept to what shall be kept; undefined forgets it. `step` is synchronous. */
  change(key: RecordKey, step: (current: unknown) => unknown): Promise<void>
}

/** For a page whose browser forbids storage: remembers as long as the page lives. */
export function memoryStore(): RecordStore {
  const kept = new Map<RecordKey, unknown>()
  return {
    read: async (key) => kept.get(key),
    async change(key, step) {
      kept.set(key, step(kept.get(key)))
    },
  }
}
