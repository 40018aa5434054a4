import type { PushSubscription } from '@belfry/contracts'
import type { Device } from './device.ts'

/** A device as its owner sees it: never keys, never the whole endpoint. */
export function deviceView(device: Device): PushSubscription {
  return {
    id: device.id,
    kind: 'web-push',
    deviceName: device.deviceName,
    deviceId: device.deviceId,
    host: new URL(device.endpoint).host,
    createdAt: iso(device.createdAtMs),
    lastSeenAt: iso(device.lastSeenAtMs),
    lastAcceptedAt: device.lastAcceptedAtMs === null ? null : iso(device.lastAcceptedAtMs),
    lastShownAt: device.lastShownAtMs === null ? null : iso(device.lastShownAtMs),
    lastError: device.lastError,
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
