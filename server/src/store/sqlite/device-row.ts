import * as z from 'zod'
import type { Device } from '../../devices/device.ts'
import { integer, integerOrNull, text, textOrNull, type Row } from '../../sqlite/row.ts'
import type { SqlValue } from '../../sqlite/sqlite-file.ts'

/** In the order of `toDeviceColumns`. `endpoint` holds a phone's token; what the other kind has is null. */
export const deviceColumns = [
  'id',
  'kind',
  'owner_id',
  'endpoint',
  'endpoint_hash',
  'p256dh',
  'auth',
  'vapid_public_key',
  'platform',
  'project_id',
  'app_version',
  'device_id',
  'device_name',
  'generation',
  'created_at_ms',
  'last_seen_at_ms',
  'last_accepted_at_ms',
  'last_shown_at_ms',
  'last_error',
  'not_before_ms',
] as const

const kind = z.enum(['browser', 'phone'])
const platform = z.enum(['android', 'ios']).nullable()

export function toDeviceColumns(device: Device): SqlValue[] {
  const isPhone = device.kind === 'phone'
  return [
    device.id,
    device.kind,
    device.ownerId,
    isPhone ? device.token : device.endpoint,
    device.endpointHash,
    isPhone ? null : device.p256dh,
    isPhone ? null : device.auth,
    isPhone ? null : device.vapidPublicKey,
    isPhone ? device.platform : null,
    isPhone ? device.projectId : null,
    isPhone ? device.appVersion : null,
    device.deviceId,
    device.deviceName,
    device.generation,
    device.createdAtMs,
    device.lastSeenAtMs,
    device.lastAcceptedAtMs,
    device.lastShownAtMs,
    device.lastError,
    device.notBeforeMs,
  ]
}

export function toDevice(row: Row): Device {
  const registered = {
    id: text(row, 'id'),
    ownerId: text(row, 'owner_id'),
    endpointHash: text(row, 'endpoint_hash'),
    deviceId: textOrNull(row, 'device_id'),
    deviceName: text(row, 'device_name'),
    generation: integer(row, 'generation'),
    createdAtMs: integer(row, 'created_at_ms'),
    lastSeenAtMs: integer(row, 'last_seen_at_ms'),
    lastAcceptedAtMs: integerOrNull(row, 'last_accepted_at_ms'),
    lastShownAtMs: integerOrNull(row, 'last_shown_at_ms'),
    lastError: textOrNull(row, 'last_error'),
    notBeforeMs: integer(row, 'not_before_ms'),
  }
  switch (kind.parse(row['kind'])) {
    case 'browser':
      return {
        kind: 'browser',
        ...registered,
        endpoint: text(row, 'endpoint'),
        p256dh: text(row, 'p256dh'),
        auth: text(row, 'auth'),
        vapidPublicKey: text(row, 'vapid_public_key'),
      }
    case 'phone':
      return {
        kind: 'phone',
        ...registered,
        token: text(row, 'endpoint'),
        platform: platform.parse(row['platform']),
        projectId: textOrNull(row, 'project_id'),
        appVersion: textOrNull(row, 'app_version'),
      }
  }
}
