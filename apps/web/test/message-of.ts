import type { Conversation, Message, User } from '@belfry/contracts'

export const ana: User = { id: 'ana', username: 'ana', displayName: 'Ana Ferreira' }
export const bob: User = { id: 'bob', username: 'bob', displayName: 'Bob Marsh' }
export const theo: User = { id: 'theo', username: 'theo', displayName: 'Théo Marchand' }

/** A message whose id orders by the time it was sent. */
export function messageOf(facts: Partial<Message> & { readonly sentAt: string }): Message {
  return {
    id: `m-${facts.sentAt}`,
    conversationId: 'c-1',
    senderId: 'ana',
    text: 'Hello',
    clientMessageId: null,
    notified: false,
    ...facts,
  }
}

export function conversationOf(facts: Partial<Conversation> = {}): Conversation {
  return {
    id: 'c-1',
    title: null,
    members: [bob, ana],
    createdAt: '2026-11-01T10:00:00.000Z',
    lastMessage: null,
    unreadCount: 0,
    reads: [],
    rings: { devices: 2, people: 1 },
    ...facts,
  }
}
