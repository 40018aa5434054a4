import type { Collection, Db } from 'mongodb'
import * as z from 'zod'
import type { Conversation, ReadMark } from '../../chat/conversation.ts'
import type { ConversationStore } from '../port.ts'
import type { Attempt, Turn } from './attempt.ts'
import { gatherByKey } from './gather.ts'
import { keyOf } from './key-of.ts'
import { read } from './unexpected-document-error.ts'
import { isDuplicate, LostRaceError } from './wire-errors.ts'

const conversationDocument = z.object({
  /** Of the direct key where there is one, so that two people have one conversation; else of the id. */
  _id: z.string(),
  id: z.string(),
  title: z.string().nullable(),
  memberIds: z.array(z.string()),
  directKey: z.string().nullable(),
  createdAtMs: z.number(),
  /** Of the last message, else of the creation. */
  activeAtMs: z.number(),
  by: z.string(),
})
export type ConversationDocument = z.infer<typeof conversationDocument>

const readMarkDocument = z.object({
  /** Of conversation and person. */
  _id: z.string(),
  conversationId: z.string(),
  userId: z.string(),
  messageId: z.string(),
  by: z.string(),
})
export type ReadMarkDocument = z.infer<typeof readMarkDocument>

export const readMarkKey = (conversationId: string, userId: string) => keyOf(conversationId, userId)

export function mongoConversations(db: Db, attempt: Attempt): ConversationStore {
  const conversations = db.collection<ConversationDocument>('conversations')
  const readMarks = db.collection<ReadMarkDocument>('readMarks')
  const ofConversations = gatherByKey(
    async (conversationIds) => {
      const found = readMarks.find({ conversationId: { $in: conversationIds } })
      return (await found.toArray()).map(toReadMark)
    },
    ({ conversationId }) => conversationId,
  )
  return {
    insert: (conversation) =>
      attempt('store a conversation', ({ token }) => insert(conversations, conversation, token)),

    byId: (id) =>
      attempt('read a conversation', async () => {
        const found = await conversations.findOne({ id })
        return found === null ? null : toConversation(found)
      }),

    ofMember: (userId) =>
      attempt('read conversations', async () => {
        const found = conversations.find({ memberIds: userId }).sort({ activeAtMs: -1, id: -1 })
        return (await found.toArray()).map(toConversation)
      }),

    markRead: (mark) => attempt('store a read mark', (turn) => markRead(readMarks, mark, turn)),

    readMarks: (conversationIds) =>
      attempt('read read marks', () => ofConversations(conversationIds)),
  }
}

async function insert(
  conversations: Collection<ConversationDocument>,
  conversation: Conversation,
  by: string,
): ReturnType<ConversationStore['insert']> {
  const { id, directKey, createdAtMs } = conversation
  const _id = directKey === null ? keyOf('id', id) : keyOf('direct', directKey)
  try {
    const memberIds = [...conversation.memberIds]
    await conversations.insertOne({
      _id,
      ...conversation,
      memberIds,
      activeAtMs: createdAtMs,
      by,
    })
    return { conversation, created: true }
  } catch (error) {
    if (!isDuplicate(error)) throw error
  }
  const first = await conversations.findOne({ _id })
  // Written, but not yet by a majority: it must not be told before it is sure to stay.
  if (first === null) throw new LostRaceError('a conversation')
  return { conversation: toConversation(first), created: first.by === by }
}

async function markRead(
  readMarks: Collection<ReadMarkDocument>,
  { conversationId, userId, messageId }: ReadMark,
  { token, unsure }: Turn,
): Promise<boolean> {
  const _id = readMarkKey(conversationId, userId)
  const further = { $set: { messageId, by: token } }
  const moved = await readMarks.updateOne({ _id, messageId: { $lt: messageId } }, further)
  if (moved.modifiedCount > 0) return true
  const current = await readMarks.findOne({ _id })
  if (current !== null) {
    if (unsure && current.by === token) return true
    if (current.messageId >= messageId) return false
    throw new LostRaceError('a read mark')
  }
  try {
    await readMarks.insertOne({ _id, conversationId, userId, messageId, by: token })
    return true
  } catch (error) {
    if (!isDuplicate(error)) throw error
    throw new LostRaceError('a read mark')
  }
}

function toConversation(document: unknown): Conversation {
  const { id, title, memberIds, directKey, createdAtMs } = read(
    'conversations',
    conversationDocument,
    document,
  )
  return { id, title, memberIds, directKey, createdAtMs }
}

function toReadMark(document: unknown): ReadMark {
  const { conversationId, userId, messageId } = read('readMarks', readMarkDocument, document)
  return { conversationId, userId, messageId }
}
