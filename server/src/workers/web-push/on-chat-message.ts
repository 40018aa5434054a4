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
  const { store, now } = context
  context.log.info(logLines.consumingChat('WebPush', event.id))
  const expiresAtMs = Date.parse(event.sentAt) + ttlSeconds * 1000

  const { accepted } = await context.fanOut({
    eventId: eventId(event),
    kind: 'chat_message',
    subjectId: event.conversationId,
    recipientIds: event.recipientIds.filter((id) => id !== event.senderId),
    only,
    refusePerson: (_userId, preferences) => refuseChat(preferences, event.conversationId, now()),
    plan: (device, key, preferences) => {
      const viewing =
        device.deviceId !== null &&
        context.presence.isViewing(device.ownerId, device.deviceId, event.conversationId)
      if (viewing) return Promise.resolve({ kind: 'refused', reason: 'viewing' })
      const job: DeliveryJob = {
        key,
        event,
        queue: 'web-push.chat',
        expiresAtMs,
        deadlineMs,
        stillWanted: async () =>
          (await hasRead(context, device.ownerId, event)) ? 'already_read' : null,
        write: (to, maxBytes) =>
          content(context, { event, key, to: to.id, preferences, expiresAtMs, maxBytes }),
      }
      return Promise.resolve({ kind: 'job', job })
    },
  })

  if (accepted === 0) return
  context.log.info(logLines.sentChat('WebPush', event.id))
  if ((await store.messages.byId(event.id)) === null) return
  context.announce([event.senderId], 'chat.notified', {
    conversationId: event.conversationId,
    messageId: event.id,
  })
}

async function hasRead(
  context: WorkerContext,
  userId: string,
  event: ChatMessage,
): Promise<boolean> {
  const marks = await context.store.conversations.readMarks([event.conversationId])
  const mark = marks.find((each) => each.userId === userId)
  return mark !== undefined && mark.messageId >= event.id
}

interface ContentInput {
  readonly event: ChatMessage
  readonly key: DeliveryJob['key']
  readonly to: string
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
    topic: context.capabilities.topic('chat', event.conversationId),
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
