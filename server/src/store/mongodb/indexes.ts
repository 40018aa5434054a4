import type { IndexDescription } from 'mongodb'

export interface WantedIndex extends IndexDescription {
  readonly collection: string
  /** Fixed: so it is made once, and a changed one is noticed. Never reuse a name for another index. */
  readonly name: string
}

const secondsPerDay = 86_400

/**
 * Every index. What decides who was first is an `_id` where it can be: unique indexes are only those of keys that
 * change. TTL indexes clear up behind `prune`, days later; no answer depends on them.
 */
export const indexes: readonly WantedIndex[] = [
  unique('people', 'people_username', { usernameFolded: 1 }),
  plain('people', 'people_words', { words: 1 }),
  plain('people', 'people_name', { displayNameFolded: 1, _id: 1 }),
  ttl('sessions', 'sessions_ttl', { field: 'expiresAt', days: 7 }),
  plain('conversations', 'conversations_id', { id: 1 }),
  plain('conversations', 'conversations_member', { memberIds: 1, activeAtMs: -1, id: -1 }),
  plain('readMarks', 'read_marks_conversation', { conversationId: 1 }),
  plain('messages', 'messages_id', { id: 1 }),
  plain('messages', 'messages_conversation', { conversationId: 1, id: -1 }),
  partial('messages', 'messages_pending', {
    key: { pendingSinceMs: 1 },
    holds: { pendingSinceMs: { $gt: 0 } },
  }),
  plain('calls', 'calls_session', { sessionId: 1 }),
  plain('calls', 'calls_open', { openHash: 1, turn: -1 }),
  plain('calls', 'calls_participant', { participants: 1, startedAtMs: -1, sessionId: -1 }),
  partial('calls', 'calls_due', { key: { ringExpiresAtMs: 1 }, holds: { state: 'ringing' } }),
  partial('calls', 'calls_pending', {
    key: { pendingSinceMs: 1 },
    holds: { pendingSinceMs: { $gt: 0 } },
  }),
  unique('devices', 'devices_endpoint', { endpointHash: 1 }),
  unique('devices', 'devices_device', { deviceKey: 1 }),
  plain('devices', 'devices_owner', { ownerId: 1, createdAtMs: 1, _id: 1 }),
  plain('deliveries', 'deliveries_event', { eventId: 1, state: 1 }),
  partial('deliveries', 'deliveries_unshown', {
    key: { ownerId: 1, subjectId: 1, createdAt: -1 },
    holds: { location: { $gt: '' } },
  }),
  ttl('deliveries', 'deliveries_ttl', { field: 'createdAt', days: 37 }),
  plain('expoTickets', 'expo_tickets_due', { askAtMs: 1, _id: 1 }),
  ttl('expoTickets', 'expo_tickets_ttl', { field: 'createdAt', days: 3 }),
]

type Key = Record<string, 1 | -1>

function plain(collection: string, name: string, key: Key): WantedIndex {
  return { collection, name, key }
}

/** Passes over documents without the field. */
function unique(collection: string, name: string, key: Key): WantedIndex {
  return { collection, name, key, unique: true, sparse: true }
}

/** Holds only some documents; a query uses it when it says the same of them. */
function partial(collection: string, name: string, of: { key: Key; holds: object }): WantedIndex {
  return { collection, name, key: of.key, partialFilterExpression: of.holds }
}

function ttl(collection: string, name: string, of: { field: string; days: number }): WantedIndex {
  const expireAfterSeconds = of.days * secondsPerDay
  return { collection, name, key: { [of.field]: 1 }, expireAfterSeconds }
}
