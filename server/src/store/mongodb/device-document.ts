import * as z from 'zod'
import type { Device } from '../../devices/device.ts'
import { keyOf } from './key-of.ts'
import { read } from './unexpected-document-error.ts'

const registered = {
  _id: z.string(),
  ownerId: z.string(),
  endpointHash: z.string(),
  deviceId: z.string().nullable(),
  /** Of owner and device id; absent without one: the unique index passes over absent fields. */
  deviceKey: z.string().optional(),
  deviceName: z.string(),
  generation: z.number(),
  createdAtMs: z.number(),
  lastSeenAtMs: z.number(),
  lastAcceptedAtMs: z.number().nullable(),
  lastShownAtMs: z.number().nullable(),
  lastError: z.string().nullable(),
  notBeforeMs: z.number(),
  by: z.string(),
}
const deviceDocument = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('browser'),
    ...registered,
    endpoint: z.string(),
    p256dh: z.string(),
    auth: z.string(),
    vapidPublicKey: z.string(),
  }),
  z.object({
    kind: z.literal('phone'),
    ...registered,
    token: z.string(),
    platform: z.enum(['android', 'ios']).nullable(),
    projectId: z.string().nullable(),
    appVersion: z.string().nullable(),
  }),
])
export type DeviceDocument = z.infer<typeof deviceDocument>

export function toDocument({ id, ...device }: Device, by: string): DeviceDocument {
  const { ownerId, deviceId } = device
  const deviceKey = deviceId === null ? {} : { deviceKey: keyOf(ownerId, deviceId) }
  return { _id: id, ...device, ...deviceKey, by }
}

/** Documents from before there were phones have no kind: they are browsers. */
export function toDevice(document: object): Device {
  const {
    _id: id,
    deviceKey: _key,
    by: _by,
    ...device
  } = read('devices', deviceDocument, { kind: 'browser', ...document })
  return { id, ...device }
}
