import type { CallEnded, ChatMessage, IncomingCallPushMessage } from '@belfry/contracts'
import { startCall, step, type Call, type CallInput } from '@belfry/ring'
import type { StoredCall } from '../../calls/stored-call.ts'
import type { Conversation } from '../../chat/conversation.ts'
import type { Message } from '../../chat/message.ts'
import type { DeliveryKey } from '../../delivery/delivery.ts'
import type { ExpoTicket } from '../../delivery/expo-ticket.ts'
import type { BrowserDevice, PhoneDevice } from '../../devices/device.ts'
import type { Person } from '../../people/person.ts'

/** 21 November 2026, 10:00 UTC. */
export const t0 = Date.UTC(2026, 10, 21, 10)

export function person(id: string, change: Partial<Person> = {}): Person {
  return {
    id,
    username: id,
    displayName: id,
    email: null,
    phone: null,
    locale: null,
    passwordHash: null,
    createdAtMs: t0,
    ...change,
  }
}

export function conversation(
  id: string,
  memberIds: readonly string[],
  change: Partial<Conversation> = {},
): Conversation {
  return { id, title: null, memberIds, directKey: null, createdAtMs: t0, ...change }
}

/** `n` orders it: a later number is a later id, sent later. */
export function message(n: number, change: Partial<Message> = {}): Message {
  return {
    id: numbered('m', n),
    conversationId: 'kitchen',
    senderId: 'alice',
    text: `message ${n}`,
    sentAtMs: t0 + n,
    clientMessageId: null,
    ...change,
  }
}

export function numbered(prefix: string, n: number): string {
  return `${prefix}-${String(n).padStart(6, '0')}`
}

export function chatEvent(of: Message, recipientIds: string[] = ['bob']): ChatMessage {
  return {
    type: 'ChatMessage',
    id: of.id,
    conversationId: of.conversationId,
    senderId: of.senderId,
    senderName: 'Alice',
    recipientIds,
    text: of.text,
    sentAt: new Date(of.sentAtMs).toISOString(),
  }
}

export const ringTimeoutMs = 30_000

/** Alice calls Bob; with `n`, so much later. */
export function call(
  n: number,
  change: { callerId?: string; calleeIds?: string[]; openKey?: string } = {},
): StoredCall {
  const callerId = change.callerId ?? 'alice'
  const calleeIds = change.calleeIds ?? ['bob']
  const sessionId = numbered('s', n)
  const started = startCall({
    sessionId,
    callerId,
    calleeIds,
    media: 'audio',
    atMs: t0 + n,
    ringTimeoutMs,
  })
  if (started.kind === 'refused') throw new Error(`The sample call was refused: ${started.code}`)
  return {
    call: started.call,
    callerName: 'Alice',
    openKey: change.openKey ?? `${callerId}>${calleeIds.join()}#${n}`,
  }
}

/** The call after one input. */
export function after(stored: StoredCall, input: CallInput): StoredCall {
  const outcome = step(stored.call, input)
  if (outcome.kind === 'refused') throw new Error(`The sample step was refused: ${outcome.code}`)
  return { ...stored, call: outcome.call }
}

export function incoming({ call: of }: StoredCall): IncomingCallPushMessage {
  return {
    type: 'IncomingCallPushMessage',
    sessionId: of.sessionId,
    callerId: of.callerId,
    callerName: 'Alice',
    calleeIds: of.callees.map((callee) => callee.id),
    media: of.media,
    startedAt: new Date(of.startedAtMs).toISOString(),
    expiresAt: new Date(of.ringExpiresAtMs).toISOString(),
  }
}

export function ended(of: Call, reason: CallEnded['reason']): CallEnded {
  const atMs = of.endedAtMs ?? of.acceptedAtMs ?? of.startedAtMs
  return {
    type: 'CallEnded',
    sessionId: of.sessionId,
    reason,
    userId: of.callerId,
    endedAt: new Date(atMs).toISOString(),
  }
}

export function device(id: string, change: Partial<BrowserDevice> = {}): BrowserDevice {
  return {
    ...registered(id),
    kind: 'browser',
    endpoint: `https://push.example/${id}`,
    p256dh: 'p256dh',
    auth: 'auth',
    vapidPublicKey: 'vapid',
    deviceName: 'Firefox, Linux',
    ...change,
  }
}

export function phone(id: string, change: Partial<PhoneDevice> = {}): PhoneDevice {
  return {
    ...registered(id),
    kind: 'phone',
    token: `ExponentPushToken[${id}]`,
    platform: 'android',
    projectId: 'project',
    appVersion: '1.2.3',
    deviceName: 'Pixel',
    ...change,
  }
}

function registered(id: string) {
  return {
    id,
    ownerId: 'bob',
    endpointHash: `hash-of-${id}`,
    deviceId: null,
    generation: 0,
    createdAtMs: t0,
    lastSeenAtMs: t0,
    lastAcceptedAtMs: null,
    lastShownAtMs: null,
    lastError: null,
    notBeforeMs: 0,
  }
}

/** `n` orders it: a later number is due later. */
export function ticket(n: number, change: Partial<ExpoTicket> = {}): ExpoTicket {
  return {
    id: numbered('ticket', n),
    deliveryId: `delivery-${n}`,
    deviceRowId: 'p1',
    endpointHash: 'hash-of-p1',
    projectId: 'project',
    asked: 0,
    askAtMs: t0 + n,
    createdAtMs: t0,
    ...change,
  }
}

export function deliveryKey(id: string, change: Partial<DeliveryKey> = {}): DeliveryKey {
  return {
    id,
    eventId: 'chat:kitchen:m',
    kind: 'chat_message',
    ownerId: 'bob',
    deviceRowId: 'd1',
    subjectId: 'kitchen',
    ...change,
  }
}
