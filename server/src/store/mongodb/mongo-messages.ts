import type { Collection, Db } from 'mongodb'
import * as z from 'zod'
import type { Message } from '../../chat/message.ts'
import type { MessageStore } from '../port.ts'
import type { Attempt } from './attempt.ts'
import { keyOf } from './key-of.ts'
import {
  readMarkKey,
  type ConversationDocument,
  type ReadMarkDocument,
} from './mongo-conversations.ts'
import { pendingFields, toPending } from './pending-events.ts'
import { read } from './unexpected-document-error.ts'
import { isDuplicate, LostRaceError } from './wire-errors.ts'

const messageDocument = z.object({
  /** Of conversation, sender and client id where there is one, so that a repeat is no second message; else of the id. */
  _id: z.string(),
  id: z.string(),
  conversationId: z.string(),
  senderId: z.string(),
  text: z.string(),
  sentAtMs: z.number(),
  clientMessageId: z.string().nullable(),
  ...pendingFields,
  by: z.string(),
})
export type MessageDocument = z.infer<typeof messageDocument>

const mostCounted = 1000

export function mongoMessages(db: Db, attempt: Attempt): MessageStore {
  const messages = db.collection<MessageDocument>('messages')
  const conversations = db.collection<ConversationDocument>('conversations')
  const readMarks = db.collection<ReadMarkDocument>('readMarks')

  async function unreadIn(
    conversationId: string,
    { userId, after }: { userId: string; after: string },
  ) {
    const unread = { conversationId, id: { $gt: after }, senderId: { $ne: userId } }
    const count = await messages.countDocuments(unread, { limit: mostCounted })
    return [conversationId, count] as const
  }

  return {
    insert(message, events) {
      const pending = toPending(events)
      return attempt('store a message', async ({ token }) => {
        const stored = await insert(messages, {
          _id: keyOfMessage(message),
          ...message,
          ...pending,
          by: token,
        })
        // A second document, hence a second write. Should a crash come between, the list is out of order until the
        // sender tries again, or the next message; the message itself is safe.
        const active = { $max: { activeAtMs: stored.message.sentAtMs } }
        await conversations.updateOne({ id: stored.message.conversationId }, active)
        return stored
      })
    },

    byId: (id) =>
      attempt('read a message', async () => {
        const found = await messages.findOne({ id })
        return found === null ? null : toMessage(found)
      }),

    page: (conversationId, { before, limit }) =>
      attempt('read messages', async () => {
        const wanted =
          before === null ? { conversationId } : { conversationId, id: { $lt: before } }
        const found = await messages.find(wanted).sort({ id: -1 }).limit(limit).toArray()
        return found.map(toMessage)
      }),

    newest: (conversationIds) =>
      attempt('read messages', async () => {
        // One seek in the index each; a $group would read every message of them on some servers.
        const found = await Promise.all(
          conversationIds.map((conversationId) =>
            messages.findOne({ conversationId }, { sort: { id: -1 } }),
          ),
        )
        return found.filter((document) => document !== null).map(toMessage)
      }),

    unread: (userId, conversationIds) =>
      attempt('count messages', async () => {
        const keys = conversationIds.map((id) => readMarkKey(id, userId))
        const marks = await readMarks.find({ _id: { $in: keys } }).toArray()
        const markOf = new Map(marks.map((mark) => [mark.conversationId, mark.messageId]))
        const counts = conversationIds.map((id) =>
          unreadIn(id, { userId, after: markOf.get(id) ?? '' }),
        )
        return new Map(await Promise.all(counts))
      }),
  }
}

async function insert(
  messages: Collection<MessageDocument>,
  document: MessageDocument,
): Promise<{ message: Message; created: boolean }> {
  try {
    await messages.insertOne(document)
    return { message: toMessage(document), created: true }
  } catch (error) {
    if (!isDuplicate(error)) throw error
  }
  const first = await messages.findOne({ _id: document._id })
  // Written, but not yet by a majority: it must not be told before it is sure to stay.
  if (first === null) throw new LostRaceError('a message')
  return { message: toMessage(first), created: first.by === document.by }
}

function keyOfMessage({ id, conversationId, senderId, clientMessageId }: Message): string {
  return clientMessageId === null
    ? keyOf('id', id)
    : keyOf('client', conversationId, senderId, clientMessageId)
}

function toMessage(document: unknown): Message {
  const message = read('messages', messageDocument, document)
  return {
    id: message.id,
    conversationId: message.conversationId,
    senderId: message.senderId,
    text: message.text,
    sentAtMs: message.sentAtMs,
    clientMessageId: message.clientMessageId,
  }
}
