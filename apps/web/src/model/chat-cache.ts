import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import type { Conversation, Conversations, Message } from '@belfry/contracts'
import { keys } from './query-keys.ts'

type Pages = InfiniteData<readonly Message[], string | undefined>

/** The message as fetched lists should show it. The same message twice changes nothing. */
export function putMessage(queries: QueryClient, message: Message, meId: string): void {
  queries.setQueryData<Pages>(keys.messages(message.conversationId), (data) =>
    data === undefined ? undefined : { ...data, pages: withMessage(data.pages, message) },
  )
  changeConversation(queries, message.conversationId, (conversation) => {
    const last = conversation.lastMessage
    if (last !== null && last.id >= message.id) return conversation
    const isUnread = message.senderId !== meId
    return {
      ...conversation,
      lastMessage: message,
      unreadCount: isUnread ? conversation.unreadCount + 1 : conversation.unreadCount,
    }
  })
}

/** A push service took it. */
export function putNotified(
  queries: QueryClient,
  { conversationId, messageId }: { readonly conversationId: string; readonly messageId: string },
): void {
  const notified = (message: Message): Message =>
    message.id === messageId ? { ...message, notified: true } : message
  queries.setQueryData<Pages>(keys.messages(conversationId), (data) =>
    data === undefined
      ? undefined
      : { ...data, pages: data.pages.map((page) => page.map(notified)) },
  )
  changeConversation(queries, conversationId, (conversation) =>
    conversation.lastMessage === null
      ? conversation
      : { ...conversation, lastMessage: notified(conversation.lastMessage) },
  )
}

export interface ReadMark {
  readonly conversationId: string
  readonly userId: string
  readonly messageId: string
}

/** Somebody has read up to a message; it never goes back. */
export function putRead(queries: QueryClient, mark: ReadMark, meId: string): void {
  changeConversation(queries, mark.conversationId, (conversation) => {
    const known = conversation.reads.find((read) => read.userId === mark.userId)
    if (known !== undefined && known.messageId >= mark.messageId) return conversation
    const reads = conversation.reads.filter((read) => read.userId !== mark.userId)
    reads.push({ userId: mark.userId, messageId: mark.messageId })
    const isAllRead = mark.userId === meId && mark.messageId >= (conversation.lastMessage?.id ?? '')
    return { ...conversation, reads, unreadCount: isAllRead ? 0 : conversation.unreadCount }
  })
}

/** How far I have read. */
export function readUpTo(conversation: Conversation, meId: string): string | null {
  return conversation.reads.find((read) => read.userId === meId)?.messageId ?? null
}

/** A conversation as its creation answered, before the list is fetched again. */
export function putConversation(queries: QueryClient, conversation: Conversation): void {
  queries.setQueryData<Conversations>(keys.conversations, (data) =>
    data === undefined || data.conversations.some(({ id }) => id === conversation.id)
      ? data
      : { conversations: [conversation, ...data.conversations] },
  )
}

/** Unread messages in all of them. */
export function unreadIn(conversations: readonly Conversation[]): number {
  return conversations.reduce((sum, each) => sum + each.unreadCount, 0)
}

/** The one written to last comes first. */
export function byLastMessage(conversations: readonly Conversation[]): readonly Conversation[] {
  const at = ({ lastMessage, createdAt }: Conversation): number =>
    Date.parse(lastMessage?.sentAt ?? createdAt)
  return [...conversations].sort((a, b) => at(b) - at(a))
}

function withMessage(pages: readonly (readonly Message[])[], message: Message) {
  const isKnown = pages.some((page) => page.some(({ id }) => id === message.id))
  if (isKnown)
    return pages.map((page) => page.map((each) => (each.id === message.id ? message : each)))
  const [newest = [], ...older] = pages
  const at = newest.findIndex(({ id }) => id < message.id)
  return [newest.toSpliced(at === -1 ? newest.length : at, 0, message), ...older]
}

function changeConversation(
  queries: QueryClient,
  conversationId: string,
  change: (conversation: Conversation) => Conversation,
): void {
  const data = queries.getQueryData<Conversations>(keys.conversations)
  if (data === undefined) return
  if (!data.conversations.some(({ id }) => id === conversationId)) {
    // A conversation that somebody else began: the list has to be asked for.
    void queries.invalidateQueries({ queryKey: keys.conversations })
    return
  }
  queries.setQueryData<Conversations>(keys.conversations, {
    conversations: data.conversations.map((each) =>
      each.id === conversationId ? change(each) : each,
    ),
  })
}
