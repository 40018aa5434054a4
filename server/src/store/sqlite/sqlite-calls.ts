import type { DomainEvent } from '@belfry/contracts'
import type { Call } from '@belfry/ring'
import type { StoredCall } from '../../calls/stored-call.ts'
import { callSchema } from '../call-schema.ts'
import { integer, integerOrNull, json, text, type Row } from '../../sqlite/row.ts'
import type { SqliteFile, SqlValue, Transaction } from '../../sqlite/sqlite-file.ts'
import type { CallStore } from '../port.ts'
import type { LeavingEvents } from './leaving-events.ts'
import { fromPendingColumn, happenedAtMs, toPendingColumn } from './pending-events.ts'

const columns = 'c.call, c.caller_name, c.open_key'
const byId = `SELECT ${columns} FROM calls c WHERE c.session_id = ?`

export function sqliteCalls(file: SqliteFile, leaving: LeavingEvents): CallStore {
  async function write<T>(work: (tx: Transaction) => Written<T>): Promise<T> {
    const { answer, committed } = await file.write(work)
    committed()
    return answer
  }

  return {
    insert: (call, events) => write((tx) => insert(tx, leaving, { call, events })),

    async byId(sessionId) {
      const row = file.read.get(byId, [sessionId])
      return row === null ? null : toStoredCall(row)
    },

    compareAndSet: (call, events) => write((tx) => compareAndSet(tx, leaving, { call, events })),

    async due(nowMs, limit) {
      const sql = `SELECT ${columns} FROM calls c WHERE c.state = 'ringing' AND c.ring_expires_at_ms <= ?
                   ORDER BY c.ring_expires_at_ms LIMIT ?`
      return file.read.all(sql, [nowMs, limit]).map(toStoredCall)
    },

    async nextDueMs() {
      const sql = `SELECT min(ring_expires_at_ms) AS next FROM calls WHERE state = 'ringing'`
      return integerOrNull(file.read.get(sql) ?? {}, 'next')
    },

    async ofUser(userId, { state, limit }) {
      const sql = `SELECT ${columns} FROM call_people p JOIN calls c ON c.session_id = p.session_id
                   WHERE p.user_id = ? AND (? IS NULL OR c.state = ?)
                   ORDER BY p.started_at_ms DESC, p.session_id DESC LIMIT ?`
      return file.read.all(sql, [userId, state, state, limit]).map(toStoredCall)
    },
  }
}

interface Written<T> {
  readonly answer: T
  readonly committed: () => void
}

interface CallAndEvents {
  readonly call: StoredCall
  readonly events: readonly DomainEvent[]
}

const nothingLeft = () => {}

function insert(
  tx: Transaction,
  leaving: LeavingEvents,
  { call: stored, events }: CallAndEvents,
): Written<{ call: StoredCall; created: boolean }> {
  const { sessionId, startedAtMs } = stored.call
  const inserted = tx.run(
    `INSERT INTO calls (call, caller_name, open_key, state, revision, started_at_ms, ring_expires_at_ms,
                        pending, pending_since_ms, session_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    [...toColumns(stored, { events: leaving.kept(events), sinceMs: null }), sessionId],
  )
  if (inserted === 0) {
    const open = `SELECT ${columns} FROM calls c WHERE c.open_key = ? AND c.state = 'ringing'`
    const row = tx.get(byId, [sessionId]) ?? tx.get(open, [stored.openKey])
    return { answer: { call: toStoredCall(row ?? {}), created: false }, committed: nothingLeft }
  }
  for (const userId of participants(stored.call)) {
    const sql = 'INSERT INTO call_people (user_id, started_at_ms, session_id) VALUES (?, ?, ?)'
    tx.run(sql, [userId, startedAtMs, sessionId])
  }
  return { answer: { call: stored, created: true }, committed: leaving.leave(tx, events) }
}

function compareAndSet(
  tx: Transaction,
  leaving: LeavingEvents,
  { call: next, events }: CallAndEvents,
): Written<boolean> {
  const { sessionId, revision } = next.call
  const sql = 'SELECT revision, pending, pending_since_ms FROM calls WHERE session_id = ?'
  const row = tx.get(sql, [sessionId])
  if (row === null || integer(row, 'revision') !== revision - 1)
    return { answer: false, committed: nothingLeft }
  const outbox = {
    events: [...fromPendingColumn(row), ...leaving.kept(events)],
    sinceMs: integerOrNull(row, 'pending_since_ms'),
  }
  tx.run(
    `UPDATE calls SET call = ?, caller_name = ?, open_key = ?, state = ?, revision = ?, started_at_ms = ?,
                      ring_expires_at_ms = ?, pending = ?, pending_since_ms = ? WHERE session_id = ?`,
    [...toColumns(next, outbox), sessionId],
  )
  return { answer: true, committed: leaving.leave(tx, events) }
}

/** In the order of both statements above. */
function toColumns(
  { call, callerName, openKey }: StoredCall,
  { events, sinceMs }: { events: readonly DomainEvent[]; sinceMs: number | null },
): SqlValue[] {
  const pending = toPendingColumn(events)
  const oldest = events.length === 0 ? null : Math.min(...events.map(happenedAtMs))
  return [
    JSON.stringify(call),
    callerName,
    openKey,
    call.state,
    call.revision,
    call.startedAtMs,
    call.ringExpiresAtMs,
    pending,
    pending === null ? null : (sinceMs ?? oldest),
  ]
}

function participants(call: Call): Set<string> {
  return new Set([call.callerId, ...call.callees.map((callee) => callee.id)])
}

function toStoredCall(row: Row): StoredCall {
  return {
    call: json(row, 'call', callSchema.parse),
    callerName: text(row, 'caller_name'),
    openKey: text(row, 'open_key'),
  }
}
