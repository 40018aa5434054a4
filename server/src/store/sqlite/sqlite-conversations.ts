import * as z from 'zod'
import type { Conversation, ReadMark } from '../../chat/conversation.ts'
import { integer, json, text, textOrNull, type Row } from '../../sqlite/row.ts'
import type { Reader, SqliteFile } from '../../sqlite/sqlite-file.ts'
import type { ConversationStore } from '../port.ts'
import { isOneOf } from './id-list.ts'

const columns = 'c.id, c.title, c.member_ids, c.direct_key, c.created_at_ms'
const memberIds = z.array(z.string())

export function sqliteConversations(file: SqliteFile): ConversationStore {
  return {
    insert: (conversation) =>
      file.write((tx) => {
        const { id, title, directKey, createdAtMs } = conversation
        const inserted = tx.run(
          `INSERT INTO conversations (id, title, member_ids, direct_key, created_at_ms, active_at_ms)
           VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
          [id, title, JSON.stringify(conversation.memberIds), directKey, createdAtMs, createdAtMs],
        )
        if (inserted === 0) {
          return { conversation: existing(tx, conversation), created: false }
        }
        for (const userId of new Set(conversation.memberIds)) {
          tx.run('INSERT INTO members (user_id, conversation_id) VALUES (?, ?)', [userId, id])
        }
        return { conversation, created: true }
      }),

    async byId(id) {
      const row = file.read.get(`SELECT ${columns} FROM conversations c WHERE c.id = ?`, [id])
      return row === null ? null : toConversation(row)
    },

    async ofMember(userId) {
      const sql = `SELECT ${columns} FROM members m JOIN conversations c ON c.id = m.conversation_id
                   WHERE m.user_id = ? ORDER BY c.active_at_ms DESC, c.id DESC`
      return file.read.all(sql, [userId]).map(toConversation)
    },

    markRead: ({ conversationId, userId, messageId }) =>
      file.write((tx) => {
        const sql = `INSERT INTO read_marks (conversation_id, user_id, message_id) VALUES (?, ?, ?)
                     ON CONFLICT DO UPDATE SET message_id = excluded.message_id
                     WHERE excluded.message_id > read_marks.message_id`
        return tx.run(sql, [conversationId, userId, messageId]) > 0
      }),

    async readMarks(conversationIds) {
      const { sql, param } = isOneOf('conversation_id', conversationIds)
      const select = 'SELECT conversation_id, user_id, message_id FROM read_marks'
      return file.read.all(`${select} WHERE ${sql}`, [param]).map(toReadMark)
    },
  }
}

/** What stood in the way: the same two people's, or, when the call is repeated, itself. */
function existing(reader: Reader, { id, directKey }: Conversation): Conversation {
  const sql = `SELECT ${columns} FROM conversations c WHERE c.direct_key = ? OR c.id = ? LIMIT 1`
  return toConversation(reader.get(sql, [directKey, id]) ?? {})
}

function toConversation(row: Row): Conversation {
  return {
    id: text(row, 'id'),
    title: textOrNull(row, 'title'),
    memberIds: json(row, 'member_ids', memberIds.parse),
    directKey: textOrNull(row, 'direct_key'),
    createdAtMs: integer(row, 'created_at_ms'),
  }
}

function toReadMark(row: Row): ReadMark {
  return {
    conversationId: text(row, 'conversation_id'),
    userId: text(row, 'user_id'),
    messageId: text(row, 'message_id'),
  }
}
