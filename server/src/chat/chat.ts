import type { ChatMessage } from '@belfry/contracts'
import type { Relay } from '../outbox/relay.ts'
import type { Failpoint } from '../observability/failpoint.ts'
import type { Refused } from '../people/accounts.ts'
import type { Announce } from '../broker/announce.ts'
import type { Store } from '../store/port.ts'
import type { Conversation } from './conversation.ts'
import type { Message } from './message.ts'

/** Conversations and messages. A message and its event are one write. */
export interface Chat {
  /** Of the same two people there is one, whatever the title; a title is of a group. */
  create(
    userId: string,
    body: { memberIds: readonly string[]; title?: string | undefined },
  ): Promise<
    | { kind: 'conversation'; conversation: Conversation; created: boolean }
    | Refused<'UNKNOWN_MEMBER' | 'NO_OTHER_MEMBER'>
  >
  /** Null when there is none, or the person is not in it: the two look alike. */
  find(userId: string, conversationId: string): Promise<Conversation | null>
  send(
    userId: string,
    conversation: Conversation,
    body: { text: string; clientMessageId?: string | undefined },
  ): Promise<{ message: Message; created: boolean }>
  read(
    userId: string,
    conversation: Conversation,
    messageId: string,
  ): Promise<'read' | 'unknown_message'>
}

export interface ChatOptions {
  readonly store: Pick<Store, 'people' | 'conversations' | 'messages'>
  readonly relay: Pick<Relay, 'hand'>
  readonly announce: Announce
  readonly now: () => number
  readonly newId: () => string
  readonly failpoint: Failpoint
}

/** A message to a large group is cut, so that no event takes longer than a lane may wait. */
const mostRecipientsAnEvent = 500

export function createChat(options: ChatOptions): Chat {
  return {
    create: (userId, body) => create(options, userId, body),
    async find(userId, conversationId) {
      const conversation = await options.store.conversations.byId(conversationId)
      return conversation?.memberIds.includes(userId) === true ? conversation : null
    },
    send: (userId, conversation, body) => send(options, { userId, conversation, body }),
    async read(userId, conversation, messageId) {
      const message = await options.store.messages.byId(messageId)
      if (message?.conversationId !== conversation.id) return 'unknown_message'
      const mark = { conversationId: conversation.id, userId, messageId }
      const moved = await options.store.conversations.markRead(mark)
      if (moved) options.announce(conversation.memberIds, 'conversation.read', mark)
      return 'read'
    },
  }
}

async function create(
  { store, now, newId }: ChatOptions,
  userId: string,
  body: Parameters<Chat['create']>[1],
): ReturnType<Chat['create']> {
  const others = [...new Set(body.memberIds)].filter((id) => id !== userId)
  if (others.length === 0) return { kind: 'refused', code: 'NO_OTHER_MEMBER' }
  const known = await store.people.byIds(others)
  if (known.length !== others.length) return { kind: 'refused', code: 'UNKNOWN_MEMBER' }
  const memberIds = [userId, ...others]
  // Two people have one conversation, named after whom one sees: a title would say "Ana in Trip", and split it.
  const direct = others.length === 1
  const answer = await store.conversations.insert({
    id: newId(),
    title: direct ? null : (body.title ?? null),
    memberIds,
    directKey: direct ? JSON.stringify(memberIds.toSorted()) : null,
    createdAtMs: now(),
  })
  return { kind: 'conversation', ...answer }
}

async function send(
  options: ChatOptions,
  input: { userId: string; conversation: Conversation; body: Parameters<Chat['send']>[2] },
): ReturnType<Chat['send']> {
  const { store, now, newId, failpoint } = options
  const { userId, conversation, body } = input
  const sender = await store.people.byId(userId)
  const senderName = sender?.displayName ?? userId
  const message: Message = {
    id: newId(),
    conversationId: conversation.id,
    senderId: userId,
    text: body.text,
    sentAtMs: now(),
    clientMessageId: body.clientMessageId ?? null,
  }
  const events = toEvents(message, conversation, senderName)
  await failpoint('accept.pre')
  const answer = await store.messages.insert(message, events)
  await failpoint('accept.post')
  if (answer.created) {
    options.relay.hand(events.map((event) => ({ source: 'message', sourceId: message.id, event })))
    options.announce(conversation.memberIds, 'chat.message', {
      ...messageView(answer.message, false),
      senderName,
      conversationTitle: conversation.title,
    })
  }
  return answer
}

/** A message as the API and the gateway give it. */
export function messageView(message: Message, notified: boolean) {
  return {
    id: message.id,
    conversationId: message.conversationId,
    senderId: message.senderId,
    text: message.text,
    sentAt: new Date(message.sentAtMs).toISOString(),
    clientMessageId: message.clientMessageId,
    notified,
  }
}

function toEvents(message: Message, conversation: Conversation, senderName: string): ChatMessage[] {
  const recipients = conversation.memberIds.filter((id) => id !== message.senderId)
  const chunks = Math.ceil(recipients.length / mostRecipientsAnEvent)
  return Array.from({ length: chunks }, (_, index) => ({
    type: 'ChatMessage' as const,
    id: message.id,
    conversationId: message.conversationId,
    senderId: message.senderId,
    senderName,
    recipientIds: recipients.slice(
      index * mostRecipientsAnEvent,
      (index + 1) * mostRecipientsAnEvent,
    ),
    text: message.text,
    sentAt: new Date(message.sentAtMs).toISOString(),
    ...(conversation.title === null ? {} : { conversationTitle: conversation.title }),
  }))
}
