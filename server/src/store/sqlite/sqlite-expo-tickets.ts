import type { ExpoTicket } from '../../delivery/expo-ticket.ts'
import { integer, text, textOrNull, type Row } from '../../sqlite/row.ts'
import type { SqliteFile } from '../../sqlite/sqlite-file.ts'
import type { ExpoTicketStore } from '../port.ts'
import { idList } from './id-list.ts'
import { pruneInSteps } from './prune-in-steps.ts'

const columns = `id, delivery_id, device_row_id, endpoint_hash, project_id, asked, ask_at_ms, created_at_ms`
const insert = `INSERT INTO expo_tickets (${columns}, lease_until_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)
  ON CONFLICT DO NOTHING`
const due = `SELECT ${columns} FROM expo_tickets WHERE ask_at_ms <= ?1 AND lease_until_ms <= ?1
  ORDER BY ask_at_ms, id LIMIT ?2`
const some = 'id IN (SELECT value FROM json_each(?))'

/** Leases of a former process of this file end now: nobody is asking for those receipts any more. */
export function sqliteExpoTickets(file: SqliteFile): ExpoTicketStore {
  file
    .write((tx) => tx.run('UPDATE expo_tickets SET lease_until_ms = 0 WHERE lease_until_ms > 0'), {
      freesSpace: true,
    })
    .catch(() => {
      // Leases run out by themselves: these receipts are read later, and none is lost.
    })
  return {
    async add(tickets) {
      await file.write(
        (tx) => {
          for (const ticket of tickets) tx.run(insert, toColumns(ticket))
        },
        { patient: true },
      )
    },

    take: ({ nowMs, leaseMs, limit }) =>
      file.write((tx) => {
        const taken = tx.all(due, [nowMs, limit]).map(toTicket)
        const ids = idList(taken.map(({ id }) => id))
        const lease = `UPDATE expo_tickets SET lease_until_ms = ? WHERE ${some}`
        tx.run(lease, [nowMs + leaseMs, ids])
        return taken
      }),

    async askAgain(ids, atMs) {
      const sql = `UPDATE expo_tickets SET asked = asked + 1, ask_at_ms = ?, lease_until_ms = 0 WHERE ${some}`
      await file.write((tx) => tx.run(sql, [atMs, idList(ids)]), { patient: true })
    },

    async remove(ids) {
      const sql = `DELETE FROM expo_tickets WHERE ${some}`
      await file.write((tx) => tx.run(sql, [idList(ids)]), { freesSpace: true, patient: true })
    },

    prune: (beforeMs) =>
      pruneInSteps(file, {
        sql: `DELETE FROM expo_tickets WHERE rowid IN
              (SELECT rowid FROM expo_tickets WHERE created_at_ms < ? ORDER BY created_at_ms LIMIT ?)`,
        beforeMs,
      }),
  }
}

function toColumns(ticket: ExpoTicket) {
  return [
    ticket.id,
    ticket.deliveryId,
    ticket.deviceRowId,
    ticket.endpointHash,
    ticket.projectId,
    ticket.asked,
    ticket.askAtMs,
    ticket.createdAtMs,
  ]
}

function toTicket(row: Row): ExpoTicket {
  return {
    id: text(row, 'id'),
    deliveryId: text(row, 'delivery_id'),
    deviceRowId: text(row, 'device_row_id'),
    endpointHash: text(row, 'endpoint_hash'),
    projectId: textOrNull(row, 'project_id'),
    asked: integer(row, 'asked'),
    askAtMs: integer(row, 'ask_at_ms'),
    createdAtMs: integer(row, 'created_at_ms'),
  }
}
