import { timingSafeEqual } from 'node:crypto'
import type { BrowserDevice } from './device.ts'

/** A subscription whose shape, host and keys were checked. */
export interface CheckedSubscription {
  readonly endpoint: string
  readonly p256dh: string
  readonly auth: string
}

/** In constant time: who guesses keys learns nothing from how long the answer takes. */
export function sameKeys(
  device: Pick<BrowserDevice, 'p256dh' | 'auth'>,
  given: CheckedSubscription,
): boolean {
  return sameText(`${device.p256dh}.${device.auth}`, `${given.p256dh}.${given.auth}`)
}

/** In constant time for texts of the same length. */
export function sameText(ours: string, theirs: string): boolean {
  const [a, b] = [Buffer.from(ours), Buffer.from(theirs)]
  return a.length === b.length && timingSafeEqual(a, b)
}
