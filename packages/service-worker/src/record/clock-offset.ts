import { number } from './fields.ts'
import type { RecordStore } from './record-store.ts'

/** Milliseconds to add to this device's clock to get the server's; 0 until a server said anything. */
export async function readClockOffset(store: RecordStore): Promise<number> {
  return number(await store.read('clock-offset')) ?? 0
}

/** From an answer of the server: exact to the duration of the request. */
export function writeClockOffset(store: RecordStore, offsetMs: number): Promise<void> {
  return store.change('clock-offset', () => offsetMs)
}

/**
 * From a push: the server's clock cannot be behind the moment of sending, but the push may have
 * been under way for hours. So it only ever corrects a clock that is too slow.
 */
export function raiseClockOffset(store: RecordStore, offsetMs: number): Promise<void> {
  return store.change('clock-offset', (kept) => Math.max(number(kept) ?? 0, offsetMs))
}
