import type { Conversation as ConversationView } from '@belfry/contracts'
import { callRings } from '../delivery/policy.ts'
import { userView } from '../people/user-view.ts'
import type { Store } from '../store/port.ts'
import { chatEventId } from '../delivery/delivery-id.ts'
import { messageView } from './chat.ts'
import type { Conversation } from './conversation.ts'

/** Conversations as one member sees them. One round to the store for each kind of thing, however many there are. */
export async function conversationViews(
  store: Pick<
    Store,
    'people' | 'messages' | 'conversations' | 'devices' | 'preferences' | 'deliveries'
  >,
  userId: string,
  conversations: readonly Conversation[],
): Promise<ConversationView[]> {
  const ids = conversations.map((conversation) => conversation.id)
  const memberIds = [...new Set(conversations.flatMap((conversation) => conversation.memberIds))]
  const [people, newest, unread, marks, devices, preferences] = await Promise.all([
    store.people.byIds(memberIds),
    store.messages.newest(ids),
    store.messages.unread(userId, ids),
    store.conversations.readMarks(ids),
    store.devices.ofOwners(memberIds),
    store.preferences.getMany(memberIds),
  ])
  const own = newest.filter((message) => message.senderId === userId)
  const notified = await store.deliveries.accepted(own.map(chatEventId))
  const person = new Map(people.map((each) => [each.id, each]))
  const last = new Map(newest.map((message) => [message.conversationId, message]))
  const ringable = devices.filter((device) => callRings(preferences.get(device.ownerId) ?? null))

  return conversations.map((conversation) => {
    const message = last.get(conversation.id)
    const others = ringable.filter(
      (device) => device.ownerId !== userId && conversation.memberIds.includes(device.ownerId),
    )
    return {
      id: conversation.id,
      title: conversation.title,
      members: conversation.memberIds.flatMap((id) => {
        const member = person.get(id)
        return member === undefined ? [] : [userView(member)]
      }),
      createdAt: new Date(conversation.createdAtMs).toISOString(),
      lastMessage:
        message === undefined ? null : messageView(message, notified.has(chatEventId(message))),
      unreadCount: unread.get(conversation.id) ?? 0,
      reads: marks
        .filter((mark) => mark.conversationId === conversation.id)
        .map((mark) => ({ userId: mark.userId, messageId: mark.messageId })),
      rings: {
        devices: others.length,
        people: new Set(others.map((device) => device.ownerId)).size,
      },
    }
  })
}
