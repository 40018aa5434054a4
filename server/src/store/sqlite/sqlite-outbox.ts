import type { DomainEvent } from '@belfry/contracts'
import { integer, text, type Row } from '../../sqlite/row.ts'
import type { SqliteFile, Transaction } from '../../sqlite/sqlite-file.ts'
import type { OutboxStore, PendingEvent } from '../port.ts'
import { fromPendingColumn, toPendingColumn, without } from './pending-events.ts'

type Source = PendingEvent['source']

const older: Readonly<Record<Source, string>> = {
  message: `SELECT id, pending, sent_at_ms AS since_ms FROM messages
            WHERE pending IS NOT NULL AND sent_at_ms < ? ORDER BY sent_at_ms, id LIMIT ?`,
  call: `SELECT session_id AS id, pending, pending_since_ms AS since_ms FROM calls
         WHERE pending IS NOT NULL AND pending_since_ms < ? ORDER BY pending_since_ms, session_id LIMIT ?`,
}
const count = `SELECT (SELECT count(*) FROM (SELECT 1 FROM messages WHERE pending IS NOT NULL LIMIT ?1))
                    + (SELECT count(*) FROM (SELECT 1 FROM calls WHERE pending IS NOT NULL LIMIT ?1)) AS waiting`
const read: Readonly<Record<Source, string>> = {
  message: 'SELECT pending FROM messages WHERE id = ?',
  call: 'SELECT pending FROM calls WHERE session_id = ?',
}
const write: Readonly<Record<Source, string>> = {
  message: 'UPDATE messages SET pending = ? WHERE id = ?',
  call: 'UPDATE calls SET pending = ?1, pending_since_ms = iif(?1 IS NULL, NULL, pending_since_ms) WHERE session_id = ?2',
}

export function sqliteOutbox(file: SqliteFile, { queued }: { queued: boolean }): OutboxStore {
  return {
    queued,

    async pending(beforeMs, limit) {
      const rows = [
        ...file.read
          .all(older.message, [beforeMs, limit])
          .map((row) => ({ source: 'message' as const, row })),
        ...file.read
          .all(older.call, [beforeMs, limit])
          .map((row) => ({ source: 'call' as const, row })),
      ]
      return rows
        .sort((a, b) => integer(a.row, 'since_ms') - integer(b.row, 'since_ms'))
        .flatMap(({ source, row }) => toPendingEvents(source, row))
        .slice(0, limit)
    },

    async count(limit) {
      const row = file.read.get(count, [limit])
      return integer(row ?? {}, 'waiting')
    },

    async confirm(events) {
      const bySource = Map.groupBy(events, ({ source, sourceId }) =>
        JSON.stringify([source, sourceId]),
      )
      await file.write(
        (tx) => {
          for (const group of bySource.values()) confirmOne(tx, group)
        },
        { freesSpace: true, patient: true },
      )
    },
  }
}

/** All of one source. */
function confirmOne(tx: Transaction, group: readonly PendingEvent[]): void {
  const [first] = group
  if (first === undefined) return
  const row = tx.get(read[first.source], [first.sourceId])
  if (row === null) return
  const confirmed: DomainEvent[] = group.map(({ event }) => event)
  const left = without(fromPendingColumn(row), confirmed)
  tx.run(write[first.source], [toPendingColumn(left), first.sourceId])
}

function toPendingEvents(source: Source, row: Row): PendingEvent[] {
  return fromPendingColumn(row).map((event) => ({ source, sourceId: text(row, 'id'), event }))
}
