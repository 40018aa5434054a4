import type { ClaimAnswer, DeliveryKey, Settlement } from '../../delivery/delivery.ts'
import { integer, text } from '../../sqlite/row.ts'
import type { SqliteFile, Transaction } from '../../sqlite/sqlite-file.ts'
import type { DeliveryStore } from '../port.ts'
import { deliveryColumns, toDelivery } from './delivery-row.ts'
import { idList } from './id-list.ts'
import { pruneInSteps } from './prune-in-steps.ts'

const select = `SELECT ${deliveryColumns} FROM deliveries`
const insert = `INSERT INTO deliveries (id, event_id, kind, owner_id, device_row_id, subject_id,
  state, attempts, lease_until_ms, reason, created_at_ms, settled_at_ms)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
const takeOver = `UPDATE deliveries
  SET state = 'claimed', attempts = attempts + 1, lease_until_ms = ?1, next_attempt_at_ms = NULL
  WHERE id = ?2 AND ((state = 'claimed' AND lease_until_ms <= ?3) OR (state = 'retry' AND next_attempt_at_ms <= ?3))`
const settle = `UPDATE deliveries
  SET state = ?, reason = ?, status = ?, location = ?, next_attempt_at_ms = ?, settled_at_ms = ?, lease_until_ms = 0
  WHERE id = ? AND state IN ('claimed', 'retry')`
const refute = `UPDATE deliveries SET state = ?, reason = ?, settled_at_ms = ?
  WHERE id = ? AND state = 'accepted'`
const giveUp = `UPDATE deliveries
  SET state = 'suppressed', reason = ?1, next_attempt_at_ms = NULL, settled_at_ms = ?2, lease_until_ms = 0
  WHERE id = ?3 AND (state = 'retry' OR (state = 'claimed' AND lease_until_ms <= ?2))`
const receipts = {
  shown: 'UPDATE deliveries SET shown_at_ms = ? WHERE id = ? AND shown_at_ms IS NULL',
  clicked: 'UPDATE deliveries SET clicked_at_ms = ? WHERE id = ? AND clicked_at_ms IS NULL',
  dismissed: 'UPDATE deliveries SET dismissed_at_ms = ? WHERE id = ? AND dismissed_at_ms IS NULL',
} as const

function settleIn(tx: Transaction, id: string, at: Settlement & { nowMs: number }): boolean {
  const { state, reason = null, status = null, location = null, nowMs } = at
  const nextAttemptAtMs = state === 'retry' ? (at.nextAttemptAtMs ?? nowMs) : null
  const settledAtMs = state === 'retry' ? null : nowMs
  return tx.run(settle, [state, reason, status, location, nextAttemptAtMs, settledAtMs, id]) > 0
}

/** Claims of a former process of this file end now: nobody is at them. */
export function sqliteDeliveries(file: SqliteFile): DeliveryStore {
  const sql = `UPDATE deliveries SET lease_until_ms = 0 WHERE state = 'claimed'`
  file
    .write((tx) => tx.run(sql), { freesSpace: true })
    .catch(() => {
      // Leases run out by themselves: these deliveries come later, and none is lost.
    })
  return {
    claim: (key, { nowMs, leaseMs }) =>
      file.write((tx) => claim(tx, key, { nowMs, untilMs: nowMs + leaseMs }), {
        patient: key.kind === 'chat_message',
        // Whatever was claimed when the process or the power went is claimed anew.
        unsynced: true,
      }),

    settle: (id, settlement, nowMs) =>
      file.write((tx) => settleIn(tx, id, { ...settlement, nowMs }), { patient: true }),

    async refute(id, { state, reason }, nowMs) {
      await file.write((tx) => tx.run(refute, [state, reason, nowMs, id]), { patient: true })
    },

    async suppress(key, reason, nowMs) {
      await file.write((tx) => {
        const made = tx.run(insert, [...toColumns(key), 'suppressed', 0, 0, reason, nowMs, nowMs])
        if (made === 0) tx.run(giveUp, [reason, nowMs, key.id])
      })
    },

    async byId(id) {
      const row = file.read.get(`${select} WHERE id = ?`, [id])
      return row === null ? null : toDelivery(row)
    },

    async byIds(ids) {
      return file.read
        .all(`${select} WHERE id IN (SELECT value FROM json_each(?))`, [idList(ids)])
        .map(toDelivery)
    },

    async ofEvent(eventId) {
      return file.read
        .all(`${select} WHERE event_id = ? ORDER BY created_at_ms, id`, [eventId])
        .map(toDelivery)
    },

    async accepted(eventIds) {
      const distinct = `SELECT DISTINCT event_id FROM deliveries
                        WHERE event_id IN (SELECT value FROM json_each(?)) AND state = 'accepted'`
      return new Set(
        file.read.all(distinct, [idList(eventIds)]).map((row) => text(row, 'event_id')),
      )
    },

    async unshown(ownerId, subjectId, limit) {
      const waiting = `${select} WHERE owner_id = ? AND subject_id = ? AND state = 'accepted'
                       AND location IS NOT NULL AND shown_at_ms IS NULL ORDER BY created_at_ms DESC LIMIT ?`
      return file.read.all(waiting, [ownerId, subjectId, limit]).map(toDelivery)
    },

    receipt: (id, event, nowMs) => file.write((tx) => tx.run(receipts[event], [nowMs, id]) > 0),

    prune: (beforeMs) =>
      pruneInSteps(file, {
        sql: `DELETE FROM deliveries WHERE rowid IN
              (SELECT rowid FROM deliveries WHERE created_at_ms < ? ORDER BY created_at_ms LIMIT ?)`,
        beforeMs,
      }),
  }
}

function claim(
  tx: Transaction,
  key: DeliveryKey,
  times: { nowMs: number; untilMs: number },
): ClaimAnswer {
  const { nowMs, untilMs } = times
  const made = tx.run(insert, [...toColumns(key), 'claimed', 1, untilMs, null, nowMs, null])
  if (made > 0) return { kind: 'claimed', attempt: 1 }
  const taken = tx.run(takeOver, [untilMs, key.id, nowMs])
  const row = tx.get(`${select} WHERE id = ?`, [key.id]) ?? {}
  if (taken > 0) return { kind: 'claimed', attempt: integer(row, 'attempts') }
  const { state, leaseUntilMs, nextAttemptAtMs } = toDelivery(row)
  if (state === 'claimed') return { kind: 'busy', untilMs: leaseUntilMs }
  if (state === 'retry') return { kind: 'waiting', untilMs: nextAttemptAtMs ?? nowMs }
  return { kind: 'settled', state }
}

function toColumns(key: DeliveryKey) {
  return [key.id, key.eventId, key.kind, key.ownerId, key.deviceRowId, key.subjectId]
}
