import type { DomainEvent } from '@belfry/contracts'
import type { Message } from '../../chat/message.ts'
import { integer, text, textOrNull, type Row } from '../../sqlite/row.ts'
import type { Reader, SqliteFile, Transaction } from '../../sqlite/sqlite-file.ts'
import type { MessageStore } from '../port.ts'
import { idList } from './id-list.ts'
import type { LeavingEvents } from './leaving-events.ts'
import { toPendingColumn } from './pending-events.ts'

const columns = 'm.id, m.conversation_id, m.sender_id, m.text, m.sent_at_ms, m.client_message_id'
const mostCounted = 1000

export function sqliteMessages(file: SqliteFile, leaving: LeavingEvents): MessageStore {
  return {
    async insert(message, events) {
      const { answer, committed } = await file.write((tx) =>
        insert(tx, leaving, { message, events }),
      )
      committed()
      return answer
    },

    async byId(id) {
      const row = file.read.get(`SELECT ${columns} FROM messages m WHERE m.id = ?`, [id])
      return row === null ? null : toMessage(row)
    },

    async page(conversationId, { before, limit }) {
      const head = `SELECT ${columns} FROM messages m WHERE m.conversation_id = ?`
      const tail = 'ORDER BY m.id DESC LIMIT ?'
      const rows =
        before === null
          ? file.read.all(`${head} ${tail}`, [conversationId, limit])
          : file.read.all(`${head} AND m.id < ? ${tail}`, [conversationId, before, limit])
      return rows.map(toMessage)
    },

    async newest(conversationIds) {
      const sql = `SELECT ${columns} FROM json_each(?) j JOIN messages m ON m.id =
                     (SELECT max(id) FROM messages WHERE conversation_id = j.value)`
      return file.read.all(sql, [idList(conversationIds)]).map(toMessage)
    },

    async unread(userId, conversationIds) {
      const sql = `SELECT j.value AS conversation_id,
                     (SELECT count(*) FROM
                       (SELECT 1 FROM messages m
                        WHERE m.conversation_id = j.value AND m.sender_id <> ?
                          AND m.id > coalesce((SELECT message_id FROM read_marks r
                                               WHERE r.conversation_id = j.value AND r.user_id = ?), '')
                        LIMIT ${mostCounted})) AS unread
                   FROM json_each(?) j`
      const rows = file.read.all(sql, [userId, userId, idList(conversationIds)])
      return new Map(rows.map((row) => [text(row, 'conversation_id'), integer(row, 'unread')]))
    },
  }
}

function insert(
  tx: Transaction,
  leaving: LeavingEvents,
  { message, events }: { message: Message; events: readonly DomainEvent[] },
) {
  const { id, conversationId, senderId, text: words, sentAtMs, clientMessageId } = message
  const inserted = tx.run(
    `INSERT INTO messages (id, conversation_id, sender_id, text, sent_at_ms, client_message_id, pending)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    [
      id,
      conversationId,
      senderId,
      words,
      sentAtMs,
      clientMessageId,
      toPendingColumn(leaving.kept(events)),
    ],
  )
  if (inserted === 0) {
    return { answer: { message: existing(tx, message), created: false }, committed: () => {} }
  }
  tx.run('UPDATE conversations SET active_at_ms = max(active_at_ms, ?) WHERE id = ?', [
    sentAtMs,
    conversationId,
  ])
  return { answer: { message, created: true }, committed: leaving.leave(tx, events) }
}

/** What stood in the way: the same client id's, or, when the call is repeated, itself. */
function existing(reader: Reader, message: Message): Message {
  const byId = `SELECT ${columns} FROM messages m WHERE m.id = ?`
  const byClientId = `SELECT ${columns} FROM messages m
                      WHERE m.conversation_id = ? AND m.sender_id = ? AND m.client_message_id = ?`
  const { id, conversationId, senderId, clientMessageId } = message
  const row =
    reader.get(byClientId, [conversationId, senderId, clientMessageId]) ?? reader.get(byId, [id])
  return toMessage(row ?? {})
}

function toMessage(row: Row): Message {
  return {
    id: text(row, 'id'),
    conversationId: text(row, 'conversation_id'),
    senderId: text(row, 'sender_id'),
    text: text(row, 'text'),
    sentAtMs: integer(row, 'sent_at_ms'),
    clientMessageId: textOrNull(row, 'client_message_id'),
  }
}
