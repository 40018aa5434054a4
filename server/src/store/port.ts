import type { DomainEvent, NotificationPreferences } from '@belfry/contracts'
import type { StoredCall } from '../calls/stored-call.ts'
import type { Conversation, ReadMark } from '../chat/conversation.ts'
import type { Message } from '../chat/message.ts'
import type {
  ClaimAnswer,
  Delivery,
  DeliveryKey,
  Refutation,
  Settlement,
} from '../delivery/delivery.ts'
import type { ExpoTicket } from '../delivery/expo-ticket.ts'
import type { Device, DeviceNews } from '../devices/device.ts'
import type { Person } from '../people/person.ts'
import type { Session } from '../people/session.ts'

/**
 * Where everything lives. Adapters pass `conformance.ts`.
 *
 * Every method:
 * - MUST resolve a write only once it survives kill -9 of this process and loss of power;
 * - MUST be atomic by itself; nothing spans two calls, there are no transactions to the outside;
 * - MUST reject with `StoreUnavailableError` (code STORE_UNAVAILABLE) when it cannot tell or cannot write;
 *   the write may then have happened, and calling again MUST be safe;
 * - MUST NOT reject for an expected outcome (taken, unknown, lost race): those are values.
 */
export interface Store {
  readonly people: PeopleStore
  readonly sessions: SessionStore
  readonly conversations: ConversationStore
  readonly messages: MessageStore
  readonly calls: CallStore
  readonly devices: DeviceStore
  readonly preferences: PreferenceStore
  readonly deliveries: DeliveryStore
  readonly expoTickets: ExpoTicketStore
  readonly outbox: OutboxStore
  /** MUST reject when a write would fail now. For `/readyz`. */
  ping(): Promise<void>
  /** Finishes what was begun. Nothing may be called afterwards. */
  close(): Promise<void>
}

export interface PeopleStore {
  /** `username` is unique without regard to case. */
  insert(person: Person): Promise<'inserted' | 'id_taken' | 'username_taken'>
  byId(id: string): Promise<Person | null>
  /** Unknown ids are left out. */
  byIds(ids: readonly string[]): Promise<Person[]>
  byUsername(username: string): Promise<Person | null>
  /** Display name or username that begins with, or has a word that begins with, the text; any when empty. */
  search(text: string, limit: number): Promise<Person[]>
  update(
    id: string,
    change: Partial<Pick<Person, 'displayName' | 'email' | 'phone' | 'locale'>>,
  ): Promise<Person | null>
}

export interface SessionStore {
  insert(session: Session): Promise<void>
  isLive(sid: string, nowMs: number): Promise<boolean>
  /** True when it was live. */
  end(sid: string): Promise<boolean>
  prune(nowMs: number): Promise<void>
}

export interface ConversationStore {
  /** With a `directKey` that exists: the one that exists, and MUST NOT make a second one in any race. */
  insert(conversation: Conversation): Promise<{ conversation: Conversation; created: boolean }>
  byId(id: string): Promise<Conversation | null>
  /** Newest activity (last message, else creation) first. */
  ofMember(userId: string): Promise<Conversation[]>
  /** Only forward by id; false when already there or further. */
  markRead(mark: ReadMark): Promise<boolean>
  readMarks(conversationIds: readonly string[]): Promise<ReadMark[]>
}

export interface MessageStore {
  /**
   * The message and its events in one write. The same conversation, sender and `clientMessageId`
   * MUST give the first message (`created: false`, no event written), in any race.
   */
  insert(
    message: Message,
    events: readonly DomainEvent[],
  ): Promise<{ message: Message; created: boolean }>
  byId(id: string): Promise<Message | null>
  /** Newest first; `before` is an id, exclusive. */
  page(
    conversationId: string,
    options: { before: string | null; limit: number },
  ): Promise<Message[]>
  /** The newest of each; conversations without one are left out. */
  newest(conversationIds: readonly string[]): Promise<Message[]>
  /** How many messages of others lie after the person's read mark, by conversation, at most 1000 counted. */
  unread(userId: string, conversationIds: readonly string[]): Promise<Map<string, number>>
}

export interface CallStore {
  /** The call and its events in one write. Two ringing calls with the same `openKey` MUST NOT exist: then the open one. */
  insert(
    call: StoredCall,
    events: readonly DomainEvent[],
  ): Promise<{ call: StoredCall; created: boolean }>
  byId(sessionId: string): Promise<StoredCall | null>
  /** Writes `next` and its events when the stored revision is still `next.call.revision - 1`. */
  compareAndSet(next: StoredCall, events: readonly DomainEvent[]): Promise<boolean>
  /** Ringing, and past `ringExpiresAtMs`; oldest first. */
  due(nowMs: number, limit: number): Promise<StoredCall[]>
  /** When the next ringing call expires; null when none rings. */
  nextDueMs(): Promise<number | null>
  /** As caller or callee, newest first. */
  ofUser(userId: string, options: { state: string | null; limit: number }): Promise<StoredCall[]>
}

export interface DeviceStore {
  /** `endpointHash` is unique, and so is (`ownerId`, `deviceId`) when `deviceId` is not null. */
  insert(device: Device): Promise<'inserted' | 'taken'>
  byId(id: string): Promise<Device | null>
  byEndpoint(endpointHash: string): Promise<Device | null>
  byDeviceId(ownerId: string, deviceId: string): Promise<Device | null>
  /** Oldest first. */
  ofOwner(ownerId: string): Promise<Device[]>
  ofOwners(ownerIds: readonly string[]): Promise<Device[]>
  /**
   * Writes all of `next` over the row of the same id, when the row's endpoint and generation are still
   * those of `previous`. `taken` when another row holds the endpoint or device id.
   */
  replace(previous: Device, next: Device): Promise<'replaced' | 'changed' | 'taken'>
  /** Deletes the row; with `endpointHash` only when it still has that endpoint. False when it did not. */
  remove(id: string, onlyIf?: { endpointHash?: string; ownerId?: string }): Promise<boolean>
  /** Writes news, only when the row still has that endpoint. */
  note(id: string, endpointHash: string, news: DeviceNews): Promise<void>
}

export interface PreferenceStore {
  get(userId: string): Promise<NotificationPreferences | null>
  getMany(userIds: readonly string[]): Promise<Map<string, NotificationPreferences>>
  put(userId: string, preferences: NotificationPreferences): Promise<void>
}

export interface DeliveryStore {
  /**
   * Makes the row or takes it over: when there is none, when its lease has run out, or when its `retry` is due.
   * Of any number of racing callers exactly one is told `claimed`. A claim need not outlive the last process that has
   * the store open: then it is free at once, and its attempt is not counted.
   */
  claim(key: DeliveryKey, times: { nowMs: number; leaseMs: number }): Promise<ClaimAnswer>
  /** Ends the attempt. False when the row is final already: then nothing changes. */
  settle(id: string, settlement: Settlement, nowMs: number): Promise<boolean>
  /** It was accepted, and did not arrive after all. Changes an accepted row, and no other; unknown ids are ignored. */
  refute(id: string, end: Refutation, nowMs: number): Promise<void>
  /**
   * A delivery that policy refuses: made and settled in one write. A row that waits for a retry, or
   * whose lease has run out, is settled so too; one that is final, or that somebody is at, stays as it is.
   */
  suppress(key: DeliveryKey, reason: string, nowMs: number): Promise<void>
  byId(id: string): Promise<Delivery | null>
  byIds(ids: readonly string[]): Promise<Delivery[]>
  ofEvent(eventId: string): Promise<Delivery[]>
  /** Which of the events were accepted for at least one device. */
  accepted(eventIds: readonly string[]): Promise<Set<string>>
  /** Accepted with a `location`, not shown, for that person and subject; newest first. For withdrawing. */
  unshown(ownerId: string, subjectId: string, limit: number): Promise<Delivery[]>
  /** The device's own word. Only the first of each kind is kept; false for a repeat or an unknown id. */
  receipt(id: string, event: 'shown' | 'clicked' | 'dismissed', nowMs: number): Promise<boolean>
  prune(beforeMs: number): Promise<void>
}

/** Pushes that Expo took and whose receipts are still to be read. */
export interface ExpoTicketStore {
  /** Adding one again changes nothing. */
  add(tickets: readonly ExpoTicket[]): Promise<void>
  /**
   * Tickets whose time to ask has come, longest due first. Each is held for `leaseMs`: nobody else MUST be
   * given it before, unless it is asked for again.
   */
  take(options: { nowMs: number; leaseMs: number; limit: number }): Promise<ExpoTicket[]>
  /** No receipt yet: counts one more time asked, and ends the lease. Unknown ids are ignored. */
  askAgain(ids: readonly string[], atMs: number): Promise<void>
  /** Its receipt was read, or is not to be had any more. Unknown ids are ignored. */
  remove(ids: readonly string[]): Promise<void>
  /** Forgets tickets made before that, whose receipts are no more. */
  prune(beforeMs: number): Promise<void>
}

/** Where events wait until the broker has confirmed them. */
export interface OutboxStore {
  /**
   * True: the write that makes an event puts it into the broker's queues too. Nobody hands it over, and
   * pending is only what other settings left behind.
   */
  readonly queued: boolean
  /** Events written before `beforeMs` and still pending, oldest first. */
  pending(beforeMs: number, limit: number): Promise<PendingEvent[]>
  /** How many messages and calls have events that wait; at most `limit` of each are counted. */
  count(limit: number): Promise<number>
  /** The broker has confirmed them. Unknown ids are ignored. */
  confirm(events: readonly PendingEvent[]): Promise<void>
}

export interface PendingEvent {
  /** What caused it: the document or row that holds it. */
  readonly source: 'message' | 'call'
  readonly sourceId: string
  readonly event: DomainEvent
}
