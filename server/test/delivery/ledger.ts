import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { vi } from 'vitest'

/** What the server has on record of its deliveries, read beside it from its own file. */
export interface Ledger {
  /** The rows of an event or subject, oldest first. */
  rows(about: { subjectId?: string; ownerId?: string; kind?: string }): LedgerRow[]
  /** Resolves with the rows once there are that many (1 by default) and all are final. */
  settled(
    about: { subjectId?: string; ownerId?: string; kind?: string },
    atLeast?: number,
  ): Promise<LedgerRow[]>
  /** What is not over yet: events in the outbox, messages in the queue, deliveries that are not final. */
  open(): { outbox: number; queue: number; deliveries: number }
  /** Resolves once nothing is open any more. */
  quiet(): Promise<void>
  close(): void
}

export interface LedgerRow {
  readonly id: string
  readonly kind: string
  readonly ownerId: string
  readonly deviceRowId: string | null
  readonly state: string
  readonly reason: string | null
  readonly status: number | null
  readonly attempts: number
}

const final = ['accepted', 'gone', 'rejected', 'suppressed', 'expired']

export function openLedger(dataDir: string): Ledger {
  const database = new DatabaseSync(join(dataDir, 'belfry.db'), { readOnly: true })
  const query = database.prepare(
    `SELECT id, kind, owner_id, device_row_id, state, reason, status, attempts FROM deliveries
     WHERE (?1 IS NULL OR subject_id = ?1) AND (?2 IS NULL OR owner_id = ?2) AND (?3 IS NULL OR kind = ?3)
     ORDER BY created_at_ms, id`,
  )
  const rows: Ledger['rows'] = ({ subjectId = null, ownerId = null, kind = null }) =>
    query.all(subjectId, ownerId, kind).map((row) => ({
      id: String(row['id']),
      kind: String(row['kind']),
      ownerId: String(row['owner_id']),
      deviceRowId: row['device_row_id'] === null ? null : String(row['device_row_id']),
      state: String(row['state']),
      reason: row['reason'] === null ? null : String(row['reason']),
      status: row['status'] === null ? null : Number(row['status']),
      attempts: Number(row['attempts']),
    }))
  const counts = database.prepare(
    `SELECT (SELECT count(*) FROM messages WHERE pending IS NOT NULL)
          + (SELECT count(*) FROM calls WHERE pending IS NOT NULL) AS outbox,
            (SELECT count(*) FROM queue_messages) AS queue,
            (SELECT count(*) FROM deliveries WHERE state IN ('claimed', 'retry')) AS deliveries`,
  )
  const open: Ledger['open'] = () => {
    const row = counts.get() ?? {}
    const count = (name: string) => Number(row[name])
    return { outbox: count('outbox'), queue: count('queue'), deliveries: count('deliveries') }
  }
  return {
    rows,
    open,
    quiet: () =>
      vi.waitFor(
        () => {
          const left = open()
          if (Object.values(left).some((count) => count > 0)) throw new Error(JSON.stringify(left))
        },
        { timeout: 30_000, interval: 20 },
      ),
    settled: (about, atLeast = 1) =>
      vi.waitFor(
        () => {
          const found = rows(about)
          const open = found.filter((row) => !final.includes(row.state))
          if (found.length < atLeast || open.length > 0) {
            throw new Error(`${found.length} rows, not final: ${JSON.stringify(open)}`)
          }
          return found
        },
        { timeout: 20_000, interval: 20 },
      ),
    close: () => database.close(),
  }
}
