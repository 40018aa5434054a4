import {
  eventId,
  type ChatMessage,
  type NotificationPreferences,
  type PushData,
} from '@belfry/contracts'
import type { DeliveryJob, PushContent } from '../../delivery/deliver.ts'
import { refuseChat } from '../../delivery/policy.ts'
import { pushPayload } from '../../delivery/push-payload.ts'
import { words } from '../../delivery/words.ts'
import { logLines } from '../../observability/log-lines.ts'
import type { WorkerContext } from './worker-context.ts'

const ttlSeconds = 24 * 3600
const deadlineMs = 10_000

/** A message, to every device of every recipient, but for the tab that shows the conversation. */
export async function onChatMessage(
  context: WorkerContext,
  event: ChatMessage,
  only: string | null,
): Promise<void> {
  const { now } = context
  context.log.info(logLines.consumingChat('WebPush', event.id))
  const expiresAtMs = Date.parse(event.sentAt) + ttlSeconds * 1000
  const hasRead = readCheck(context, event)
  const topic = context.capabilities.topic('chat', event.conversationId)

  const { accepted } = await context.fanOut({
    eventId: eventId(event),
    kind: 'chat_message',
    subjectId: event.conversationId,
    recipientIds: event.recipientIds.filter((id) => id !== event.senderId),
    only,
    refusePerson: (_userId, preferences) => refuseChat(preferences, event.conversationId, now()),
    plan: (device, key, preferences) => {
      const { deviceId, ownerId } = device
      const viewing =
        deviceId !== null && context.presence.isViewing(ownerId, deviceId, event.conversationId)
      if (viewing) return 'viewing'
      return {
        key,
        event,
        queue: 'web-push.chat',
        pace: 'patient',
        expiresAtMs,
        deadlineMs,
        lastCheck: async () =>
          (await hasRead(ownerId)) ? { kind: 'refuse', reason: 'already_read' } : { kind: 'send' },
        write: (to, maxBytes) =>
          content(context, { event, key, to: to.id, topic, preferences, expiresAtMs, maxBytes }),
      }
    },
  })

  if (accepted === 0) return
  context.log.info(logLines.sentChat('WebPush', event.id))
  context.announce([event.senderId], 'chat.notified', {
    conversationId: event.conversationId,
    messageId: event.id,
  })
}

/** The marks of a whole group are read at once, and not once a device. */
const marksAreFreshMs = 200

function readCheck(
  { store, now }: WorkerContext,
  event: ChatMessage,
): (userId: string) => Promise<boolean> {
  let readAtMs = Number.NEGATIVE_INFINITY
  let marks: Promise<ReadonlyMap<string, string>> = Promise.resolve(new Map())
  return async (userId) => {
    if (now() - readAtMs > marksAreFreshMs) {
      readAtMs = now()
      marks = store.conversations
        .readMarks([event.conversationId])
        .then((all) => new Map(all.map((mark) => [mark.userId, mark.messageId])))
    }
    return ((await marks).get(userId) ?? '') >= event.id
  }
}

interface ContentInput {
  readonly event: ChatMessage
  readonly key: DeliveryJob['key']
  readonly to: string
  readonly topic: string
  readonly preferences: NotificationPreferences | null
  readonly expiresAtMs: number
  readonly maxBytes: number
}

function content(context: WorkerContext, input: ContentInput): PushContent {
  const { event, key } = input
  const data: PushData = {
    v: 1,
    type: 'chat_message',
    id: key.id,
    conversationId: event.conversationId,
    messageId: event.id,
    senderId: event.senderId,
    ts: Math.floor(context.now() / 1000),
    exp: Math.floor(input.expiresAtMs / 1000),
    receipt: context.capabilities.receipt({
      deliveryId: key.id,
      deviceRowId: input.to,
      subjectId: event.conversationId,
    }),
  }
  const path = event.url ?? `/chats/${encodeURIComponent(event.conversationId)}`
  return {
    payload: pushPayload(
      {
        ...preview(event, input.preferences?.preview ?? 'auto'),
        navigate: `${context.appUrl}${path}`,
        tag: `chat-${event.conversationId}`,
        silent: false,
        data,
      },
      input.maxBytes,
    ),
    ttlSeconds: Math.max(1, Math.floor((input.expiresAtMs - context.now()) / 1000)),
    urgency: 'normal',
    topic: input.topic,
  }
}

/** Web push is encrypted to the device, so `auto` shows all. */
function preview(
  event: ChatMessage,
  wish: NotificationPreferences['preview'],
): { title: string; body: string } {
  const title = words.chatTitle(event.senderName, event.conversationTitle)
  switch (wish) {
    case 'auto':
    case 'full':
      return { title, body: event.text }
    case 'sender':
      return { title, body: words.newMessage }
    case 'none':
      return { title: words.newMessage, body: '' }
  }
}
