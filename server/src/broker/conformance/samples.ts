import type {
  CallEnded,
  ChatMessage,
  DeliveryRetry,
  IncomingCallPushMessage,
} from '@belfry/contracts'

const at = '2026-11-21T10:00:00.000Z'

export function chat(n: number): ChatMessage {
  return {
    type: 'ChatMessage',
    id: String(n),
    conversationId: 'kitchen',
    senderId: 'alice',
    senderName: 'Alice',
    recipientIds: ['bob'],
    text: `message ${n}`,
    sentAt: at,
  }
}

/** The identity of `chat(n)`. */
export function chatId(n: number): string {
  return `chat:kitchen:${n}`
}

export const ring: IncomingCallPushMessage = {
  type: 'IncomingCallPushMessage',
  sessionId: 's1',
  callerId: 'alice',
  callerName: 'Alice',
  calleeIds: ['bob'],
  media: 'video',
  startedAt: at,
  expiresAt: '2026-11-21T10:00:30.000Z',
}

export const ringEnd: CallEnded = {
  type: 'CallEnded',
  sessionId: 's1',
  reason: 'cancelled',
  userId: 'alice',
  endedAt: at,
}

export function delivery(deliveryId: string): DeliveryRetry {
  return { kind: 'delivery', deliveryId, attempt: 2, notBefore: at, event: chat(1) }
}
