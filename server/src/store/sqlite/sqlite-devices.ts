import type { Device, DeviceNews } from '../../devices/device.ts'
import { integer, text } from '../../sqlite/row.ts'
import type { Reader, SqliteFile, SqlValue, Transaction } from '../../sqlite/sqlite-file.ts'
import type { DeviceStore } from '../port.ts'
import { deviceColumns, toDevice, toDeviceColumns } from './device-row.ts'
import { isOneOf } from './id-list.ts'

const columns = deviceColumns.join(', ')
const where = (condition: string) => `SELECT ${columns} FROM devices WHERE ${condition}`
const insert = `INSERT INTO devices (${columns}) VALUES (${deviceColumns.map(() => '?').join(', ')})
  ON CONFLICT DO NOTHING`
const overwrite = `UPDATE devices SET ${deviceColumns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`

/** Without one, nothing that is meant for phones has to be queued. */
export function hasPhones(read: Reader): boolean {
  return read.get(`SELECT 1 AS found FROM devices WHERE kind = 'phone' LIMIT 1`) !== null
}

export function sqliteDevices(file: SqliteFile): DeviceStore {
  const one = (condition: string, params: readonly SqlValue[]) => {
    const row = file.read.get(where(condition), params)
    return row === null ? null : toDevice(row)
  }
  return {
    insert: (device) =>
      file.write((tx) => (tx.run(insert, toDeviceColumns(device)) > 0 ? 'inserted' : 'taken')),

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
  tx.run(overwrite, [...toDeviceColumns(next), previous.id])
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
