import type { Device, DeviceNews } from '../../devices/device.ts'
import { integer, integerOrNull, text, textOrNull, type Row } from '../../sqlite/row.ts'
import type { SqliteFile, SqlValue, Transaction } from '../../sqlite/sqlite-file.ts'
import type { DeviceStore } from '../port.ts'
import { isOneOf } from './id-list.ts'

const columns = `id, owner_id, endpoint, endpoint_hash, p256dh, auth, vapid_public_key, device_id, device_name,
  generation, created_at_ms, last_seen_at_ms, last_accepted_at_ms, last_shown_at_ms, last_error, not_before_ms`
const where = (condition: string) => `SELECT ${columns} FROM devices WHERE ${condition}`

export function sqliteDevices(file: SqliteFile): DeviceStore {
  const one = (condition: string, params: readonly SqlValue[]) => {
    const row = file.read.get(where(condition), params)
    return row === null ? null : toDevice(row)
  }
  return {
    insert: (device) =>
      file.write((tx) => {
        const sql = `INSERT INTO devices (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     ON CONFLICT DO NOTHING`
        return tx.run(sql, toColumns(device)) > 0 ? 'inserted' : 'taken'
      }),

    byId: async (id) => one('id = ?', [id]),
    byEndpoint: async (endpointHash) => one('endpoint_hash = ?', [endpointHash]),
    byDeviceId: async (ownerId, deviceId) =>
      one('owner_id = ? AND device_id = ?', [ownerId, deviceId]),

    async ofOwner(ownerId) {
      return file.read
        .all(where('owner_id = ? ORDER BY created_at_ms, id'), [ownerId])
        .map(toDevice)
    },

    async ofOwners(ownerIds) {
      const { sql, param } = isOneOf('owner_id', ownerIds)
      return file.read
        .all(where(`${sql} ORDER BY owner_id, created_at_ms, id`), [param])
        .map(toDevice)
    },

    replace: (previous, next) => file.write((tx) => replace(tx, previous, next)),

    remove: (
      id,
      {
        endpointHash = null,
        ownerId = null,
      }: { endpointHash?: string | null; ownerId?: string | null } = {},
    ) =>
      file.write(
        (tx) => {
          const sql = `DELETE FROM devices WHERE id = ?1 AND (?2 IS NULL OR endpoint_hash = ?2)
                       AND (?3 IS NULL OR owner_id = ?3)`
          return tx.run(sql, [id, endpointHash, ownerId]) > 0
        },
        { freesSpace: true },
      ),

    async note(id, endpointHash, news) {
      const known = Object.entries(toNewsColumns(news)).filter(([, value]) => value !== undefined)
      if (known.length === 0) return
      const set = known.map(([column]) => `${column} = ?`).join(', ')
      const values = known.flatMap(([, value]) => (value === undefined ? [] : [value]))
      const sql = `UPDATE devices SET ${set} WHERE id = ? AND endpoint_hash = ?`
      await file.write((tx) => tx.run(sql, [...values, id, endpointHash]), { patient: true })
    },
  }
}

function replace(
  tx: Transaction,
  previous: Device,
  next: Device,
): 'replaced' | 'changed' | 'taken' {
  const current = tx.get(where('id = ?'), [previous.id])
  if (
    current === null ||
    text(current, 'endpoint_hash') !== previous.endpointHash ||
    integer(current, 'generation') !== previous.generation
  ) {
    return 'changed'
  }
  const clash = tx.get(
    `SELECT 1 FROM devices WHERE id <> ?1 AND (endpoint_hash = ?2 OR (owner_id = ?3 AND device_id = ?4)) LIMIT 1`,
    [previous.id, next.endpointHash, next.ownerId, next.deviceId],
  )
  if (clash !== null) return 'taken'
  const set = columns.split(',').map((column) => `${column.trim()} = ?`)
  tx.run(`UPDATE devices SET ${set.join(', ')} WHERE id = ?`, [...toColumns(next), previous.id])
  return 'replaced'
}

function toNewsColumns(news: DeviceNews): Record<string, SqlValue | undefined> {
  return {
    last_accepted_at_ms: news.lastAcceptedAtMs,
    last_shown_at_ms: news.lastShownAtMs,
    last_error: news.lastError,
    not_before_ms: news.notBeforeMs,
  }
}

function toColumns(device: Device): SqlValue[] {
  return [
    device.id,
    device.ownerId,
    device.endpoint,
    device.endpointHash,
    device.p256dh,
    device.auth,
    device.vapidPublicKey,
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

function toDevice(row: Row): Device {
  return {
    id: text(row, 'id'),
    ownerId: text(row, 'owner_id'),
    endpoint: text(row, 'endpoint'),
    endpointHash: text(row, 'endpoint_hash'),
    p256dh: text(row, 'p256dh'),
    auth: text(row, 'auth'),
    vapidPublicKey: text(row, 'vapid_public_key'),
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
}
