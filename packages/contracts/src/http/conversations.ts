import * as z from 'zod'
import { id, instant } from '../id.ts'
import { line } from '../line.ts'
import { longText } from '../long-text.ts'
import { someVisible } from '../visible.ts'
import { user } from './auth.ts'

export const message = z.object({
  id,
  conversationId: id,
  senderId: id,
  text: z.string(),
  sentAt: instant,
  clientMessageId: z.string().nullable(),
  /** A push service took it for at least one device of a recipient. */
  notified: z.boolean(),
})
export type Message = z.infer<typeof message>

export const conversation = z.object({
  id,
  title: z.string().nullable(),
  members: z.array(user),
  createdAt: instant,
  lastMessage: message.nullable(),
  unreadCount: z.int(),
  /** How far each member has read. */
  reads: z.array(z.object({ userId: id, messageId: id })),
  /** Devices of the other members that a call would ring, and how many of those members that are. */
  rings: z.object({ devices: z.int(), people: z.int() }),
})
export type Conversation = z.infer<typeof conversation>

export const conversations = z.object({ conversations: z.array(conversation) })
export type Conversations = z.infer<typeof conversations>

export const createConversationBody = z.object({
  memberIds: z.array(id).min(1).max(500),
  /** Of a group. Two people have one conversation, which is named after them. */
  title: line(120).optional(),
})
export type CreateConversationBody = z.infer<typeof createConversationBody>

export const messagesQuery = z.object({
  before: id.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export const messages = z.object({ messages: z.array(message) })
export type Messages = z.infer<typeof messages>

export const sendMessageBody = z.object({
  text: longText(8000).regex(someVisible, 'must not be blank').meta({ minLength: 1 }),
  clientMessageId: id.optional(),
})
export type SendMessageBody = z.infer<typeof sendMessageBody>

export const readBody = z.object({ messageId: id })
