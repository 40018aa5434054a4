import type { ClaimAnswer, Delivery, DeliveryKey, Settlement } from '../../delivery/delivery.ts'
import { text } from '../../sqlite/row.ts'
import type { SqliteFile } from '../../sqlite/sqlite-file.ts'
import type { DeliveryStore } from '../port.ts'
import { claimOf, isFinal, isFree, isHeld, withClaim, type Claim } from './claim.ts'
import { deliveryColumns, toDelivery } from './delivery-row.ts'
import { idList } from './id-list.ts'
import { pruneInSteps } from './prune-in-steps.ts'

const select = `SELECT ${deliveryColumns} FROM deliveries`
const insert = `INSERT INTO deliveries (id, event_id, kind, owner_id, device_row_id, subject_id, created_at_ms,
    attempts, state, reason, status, location, next_attempt_at_ms, settled_at_ms)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)`
const insertUnlessThere = `${insert} ON CONFLICT DO NOTHING`
const insertOrSettle = `${insert} ON CONFLICT (id) DO UPDATE SET attempts = ?8, state = ?9, reason = ?10,
    status = ?11, location = ?12, next_attempt_at_ms = ?13, settled_at_ms = ?14
  WHERE state IN ('claimed', 'retry')`
const settleRow = `UPDATE deliveries SET state = ?, reason = ?, status = ?, location = ?,
    next_attempt_at_ms = ?, settled_at_ms = ?
  WHERE id = ? AND state IN ('claimed', 'retry')`
const refute = `UPDATE deliveries SET state = ?, reason = ?, settled_at_ms = ?
  WHERE id = ? AND state = 'accepted'`
const receipts = {
  shown: 'UPDATE deliveries SET shown_at_ms = ? WHERE id = ? AND shown_at_ms IS NULL',
  clicked: 'UPDATE deliveries SET clicked_at_ms = ? WHERE id = ? AND clicked_at_ms IS NULL',
  dismissed: 'UPDATE deliveries SET dismissed_at_ms = ? WHERE id = ? AND dismissed_at_ms IS NULL',
} as const
/** In the words of the index: what `id` ends in. */
const eventTail = (id: string) => `substr(event_id, -36) = substr(${id}, -36)`
/** For the moments that it takes to write a refusal. */
const refusalLeaseMs = 1000

/** The file, and what somebody in this process is at. */
interface Ledger {
  readonly file: SqliteFile
  readonly claims: Map<string, Claim>
}

/**
 * Nobody else has the file, so claims live in this process (`claim.ts`) and a delivery's row is written once, when it
 * is settled.
 */
export function sqliteDeliveries(file: SqliteFile): DeliveryStore {
  const claims = new Map<string, Claim>()
  const ledger: Ledger = { file, claims }
  return {
    claim: async (key, times) => claim(ledger, key, times),
    settle: (id, settlement, nowMs) => settle(ledger, id, { ...settlement, nowMs }),
    suppress: (key, reason, nowMs) => suppress(ledger, key, { reason, nowMs }),

    async refute(id, { state, reason }, nowMs) {
      await file.write((tx) => tx.run(refute, [state, reason, nowMs, id]), { patient: true })
    },

    byId: async (id) => known(ledger, id),

    async byIds(ids) {
      const those = `${select} WHERE id IN (SELECT value FROM json_each(?))`
      const rows = file.read.all(those, [idList(ids)]).map(toDelivery)
      return withClaims(
        rows,
        ids.flatMap((id) => claims.get(id) ?? []),
      )
    },

    async ofEvent(eventId) {
      const those = `${select} WHERE event_id = ?1 AND ${eventTail('?1')}`
      const rows = file.read.all(those, [eventId]).map(toDelivery)
      const open = [...claims.values()].filter(({ key }) => key.eventId === eventId)
      return withClaims(rows, open).toSorted(byAge)
    },

    async accepted(eventIds) {
      const those = `SELECT DISTINCT event_id FROM json_each(?) JOIN deliveries
                     ON event_id = value AND ${eventTail('value')} WHERE state = 'accepted'`
      return new Set(file.read.all(those, [idList(eventIds)]).map((row) => text(row, 'event_id')))
    },

    async unshown(ownerId, subjectId, limit) {
      const those = `${select} WHERE owner_id = ? AND subject_id = ? AND state = 'accepted'
                     AND location IS NOT NULL AND shown_at_ms IS NULL ORDER BY created_at_ms DESC LIMIT ?`
      return file.read.all(those, [ownerId, subjectId, limit]).map(toDelivery)
    },

    receipt(id, event, nowMs) {
      const claim = claims.get(id)
      return file.write((tx) => {
        // The device was faster than its push service's answer: its word needs a row.
        if (claim !== undefined) tx.run(insertUnlessThere, [...claimColumns(claim), ...openColumns])
        return tx.run(receipts[event], [nowMs, id]) > 0
      })
    },

    prune(beforeMs) {
      for (const claim of claims.values()) if (claim.leaseUntilMs < beforeMs) letGo(ledger, claim)
      const sql = `DELETE FROM deliveries WHERE rowid IN
                   (SELECT rowid FROM deliveries WHERE created_at_ms < ? ORDER BY created_at_ms LIMIT ?)`
      return pruneInSteps(file, { sql, beforeMs })
    },
  }
}

function known({ file, claims }: Ledger, id: string): Delivery | null {
  const row = file.read.get(`${select} WHERE id = ?`, [id])
  return withClaim(row === null ? null : toDelivery(row), claims.get(id))
}

/** Once what was written is committed: in between, it is still somebody's. */
function letGo({ claims }: Ledger, claim: Claim | undefined): void {
  if (claim !== undefined && claims.get(claim.key.id) === claim) claims.delete(claim.key.id)
}

function claim(
  ledger: Ledger,
  key: DeliveryKey,
  { nowMs, leaseMs }: { nowMs: number; leaseMs: number },
): ClaimAnswer {
  const found = known(ledger, key.id)
  if (found === null || isFree(found, nowMs)) {
    // What is sent has to be written down after: else it would be sent again and again.
    ledger.file.checkWritable()
    const attempts = (found?.attempts ?? 0) + 1
    ledger.claims.set(key.id, claimOf(key, { found, attempts, nowMs, leaseMs }))
    return { kind: 'claimed', attempt: attempts }
  }
  const { state, leaseUntilMs, nextAttemptAtMs } = found
  if (state === 'claimed') return { kind: 'busy', untilMs: leaseUntilMs }
  if (state === 'retry') return { kind: 'waiting', untilMs: nextAttemptAtMs ?? nowMs }
  return { kind: 'settled', state }
}

async function settle(
  ledger: Ledger,
  id: string,
  settlement: Settlement & { nowMs: number },
): Promise<boolean> {
  const claim = ledger.claims.get(id)
  const columns = settledColumns(settlement)
  const changed = await ledger.file.write(
    (tx) =>
      claim === undefined
        ? tx.run(settleRow, [...columns, id])
        : tx.run(insertOrSettle, [...claimColumns(claim), ...columns]),
    { patient: true },
  )
  letGo(ledger, claim)
  return changed > 0
}

async function suppress(
  ledger: Ledger,
  key: DeliveryKey,
  { reason, nowMs }: { reason: string; nowMs: number },
): Promise<void> {
  const found = known(ledger, key.id)
  const isTaken = found !== null && (isFinal(found) || isHeld(found, nowMs))
  if (isTaken) return
  const as = { found, attempts: found?.attempts ?? 0, nowMs, leaseMs: refusalLeaseMs }
  const claim = claimOf(key, as)
  ledger.claims.set(key.id, claim)
  const columns = settledColumns({ state: 'suppressed', reason, nowMs })
  await ledger.file.write((tx) => tx.run(insertOrSettle, [...claimColumns(claim), ...columns]))
  letGo(ledger, claim)
}

/** Of `insert`, up to the attempts. */
function claimColumns({ key, attempts, madeAtMs }: Claim) {
  const { id, eventId, kind, ownerId, deviceRowId, subjectId } = key
  return [id, eventId, kind, ownerId, deviceRowId, subjectId, madeAtMs, attempts]
}

/** From the state on. */
function settledColumns(settlement: Settlement & { nowMs: number }) {
  const { state, reason = null, status = null, location = null, nowMs } = settlement
  const times = state === 'retry' ? [settlement.nextAttemptAtMs ?? nowMs, null] : [null, nowMs]
  return [state, reason, status, location, ...times]
}
const openColumns = ['claimed', null, null, null, null, null]

function withClaims(rows: readonly Delivery[], claims: readonly Claim[]): Delivery[] {
  const all = new Map(rows.map((row) => [row.id, row]))
  for (const claim of claims) {
    const { id } = claim.key
    const delivery = withClaim(all.get(id) ?? null, claim)
    if (delivery !== null) all.set(id, delivery)
  }
  return [...all.values()]
}

function byAge(one: Delivery, other: Delivery): number {
  return one.createdAtMs - other.createdAtMs || (one.id < other.id ? -1 : 1)
}
