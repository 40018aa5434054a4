import { timingSafeEqual } from 'node:crypto'
import type { Device } from './device.ts'

/** A subscription whose shape, host and keys were checked. */
export interface CheckedSubscription {
  readonly endpoint: string
  readonly p256dh: string
  readonly auth: string
}

/** In constant time: who guesses keys learns nothing from how long the answer takes. */
export function sameKeys(
  device: Pick<Device, 'p256dh' | 'auth'>,
  given: CheckedSubscription,
): boolean {
  const ours = Buffer.from(`${device.p256dh}.${device.auth}`)
  const theirs = Buffer.from(`${given.p256dh}.${given.auth}`)
  return ours.length === theirs.length && timingSafeEqual(ours, theirs)
}
