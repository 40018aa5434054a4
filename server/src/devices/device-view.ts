import type { PushSubscription } from '@belfry/contracts'
import type { Device } from './device.ts'

/** A device as its owner sees it: never keys or a token, never the whole endpoint. */
export function deviceView(device: Device, expoHost: string): PushSubscription {
  return {
    id: device.id,
    ...(device.kind === 'phone'
      ? { kind: 'expo', platform: device.platform }
      : { kind: 'web-push' }),
    deviceName: device.deviceName,
    deviceId: device.deviceId,
    host: hostOf(device, expoHost),
    createdAt: iso(device.createdAtMs),
    lastSeenAt: iso(device.lastSeenAtMs),
    lastAcceptedAt: device.lastAcceptedAtMs === null ? null : iso(device.lastAcceptedAtMs),
    lastShownAt: device.lastShownAtMs === null ? null : iso(device.lastShownAtMs),
    lastError: device.lastError,
  }
}

/** Whose push service leads to it. */
export function hostOf(device: Device, expoHost: string): string {
  return device.kind === 'phone' ? expoHost : new URL(device.endpoint).host
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
