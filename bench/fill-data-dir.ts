import type { ChatMessage } from '@belfry/contracts'
import type { QueueName } from '../server/src/broker/port.ts'
import { sqliteBroker } from '../server/src/broker/sqlite/sqlite-broker.ts'
import { endpointHash } from '../server/src/devices/endpoint-hash.ts'
import { openSqliteFile } from '../server/src/sqlite/open-sqlite-file.ts'
import { sqliteStore } from '../server/src/store/sqlite/sqlite-store.ts'
import type { Store } from '../server/src/store/port.ts'
import type { Subscribers } from './subscribers.ts'

export interface FillPlan {
  /** Of the sink; null: nobody has a device. */
  readonly origin: string | null
  /** One person and one device for each. */
  readonly subscribers: Subscribers
  /** Written into conversations, oldest first. */
  readonly messages: number
  /** Whether each message's event also waits in the queue, as after an outage. */
  readonly queued: boolean
  /** 1: conversations of two. Else each message goes to so many. */
  readonly recipients: number
}

/** So many writes share a commit; the rest of the time is SQLite's. */
const chunk = 2000
/** One after the other. */
const everyMs = 10
/** 100 characters: with names, ids and the receipt a payload of about 900 bytes. */
const messageText =
  'The second half of the plan is up, have a look when you can, and tell me about Thursday evening. ok?'

/** As long as a UUIDv7, and in order of time as those are. */
export function idOf(kind: number, index: number): string {
  return `${String(kind).padStart(8, '0')}-0000-7000-8000-${String(index).padStart(12, '0')}`
}

export function personId(index: number): string {
  return idOf(1, index)
}

/**
 * Writes what a server would have written: through its own store and queue, before it starts. Over
 * HTTP the same would take longer than what is measured.
 */
export async function fillDataDir(plan: FillPlan & { readonly dataDir: string }): Promise<void> {
  const file = openSqliteFile({ dir: plan.dataDir })
  // As the server does with nobody's phone registered.
  const isWanted = (_read: unknown, queue: QueueName) => queue.startsWith('web-push.')
  const broker = sqliteBroker({ file, now: Date.now, log: console, isWanted })
  const store = sqliteStore(file, broker)
  await addPeople(store, plan, chunk)
  const events = eventsOf(plan)
  await inChunks(events, chunk, async (event) => {
    const { id, conversationId, senderId, text } = event
    const sentAtMs = Date.parse(event.sentAt)
    await store.messages.insert(
      { id, conversationId, senderId, text, sentAtMs, clientMessageId: null },
      plan.queued ? [event] : [],
    )
  })
  await broker.close()
  await store.close()
  await file.close()
}

/** With their devices and conversations, so many at once. */
export async function addPeople(store: Store, plan: FillPlan, together: number): Promise<void> {
  const people = [...plan.subscribers.keys.keys()]
  await inChunks(people, together, (index) => addPerson(store, plan, index))
  await inChunks(people, together, (index) => addConversation(store, plan, index))
}

/** Of the plan's messages, the last of them now. */
export function eventsOf(plan: FillPlan): ChatMessage[] {
  const endMs = Date.now()
  return Array.from({ length: plan.messages }, (_, index) =>
    eventOf(plan, index, endMs - (plan.messages - index) * everyMs),
  )
}

async function inChunks<Item>(
  items: readonly Item[],
  length: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  for (let begin = 0; begin < items.length; begin += length) {
    await Promise.all(items.slice(begin, begin + length).map(work))
  }
}

async function addPerson(store: Store, plan: FillPlan, index: number): Promise<void> {
  const ownerId = personId(index)
  await store.people.insert({
    id: ownerId,
    username: `person${index}`,
    displayName: `Person ${index}`,
    email: null,
    phone: null,
    locale: 'en',
    passwordHash: null,
    createdAtMs: Date.now(),
  })
  const keys = plan.subscribers.keys[index]
  if (plan.origin === null || keys === undefined) return
  const endpoint = `${plan.origin}/push/${index}`
  await store.devices.insert({
    kind: 'browser',
    id: idOf(2, index),
    ownerId,
    endpoint,
    endpointHash: endpointHash(endpoint),
    p256dh: keys.p256dh,
    auth: keys.auth,
    vapidPublicKey: plan.subscribers.vapid.publicKey,
    deviceId: idOf(3, index),
    deviceName: 'Firefox on Linux',
    generation: 0,
    createdAtMs: Date.now(),
    lastSeenAtMs: Date.now(),
    lastAcceptedAtMs: null,
    lastShownAtMs: null,
    lastError: null,
    notBeforeMs: 0,
  })
}

/** The conversation of that number: its person writes, those after it are written to. */
function membersOf({ subscribers, recipients }: FillPlan, index: number): string[] {
  const people = subscribers.keys.length
  return Array.from({ length: recipients + 1 }, (_, offset) => personId((index + offset) % people))
}

async function addConversation(store: Store, plan: FillPlan, index: number): Promise<void> {
  const memberIds = membersOf(plan, index)
  await store.conversations.insert({
    id: idOf(4, index),
    title: null,
    memberIds,
    directKey: plan.recipients === 1 ? JSON.stringify(memberIds.toSorted()) : null,
    createdAtMs: Date.now(),
  })
}

/** UUIDv7, as the server makes them. */
function messageIdOf(index: number, sentAtMs: number): string {
  const time = sentAtMs.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${String(index).padStart(12, '0')}`
}

function eventOf(plan: FillPlan, index: number, sentAtMs: number): ChatMessage {
  const conversation = index % plan.subscribers.keys.length
  const [senderId = '', ...recipientIds] = membersOf(plan, conversation)
  return {
    type: 'ChatMessage',
    id: messageIdOf(index, sentAtMs),
    conversationId: idOf(4, conversation),
    senderId,
    senderName: `Person ${conversation}`,
    recipientIds,
    text: messageText,
    sentAt: new Date(sentAtMs).toISOString(),
  }
}
