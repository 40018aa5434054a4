import type { PushData } from '@belfry/contracts'
import { chatText } from '../../delivery/chat-text.ts'
import type { ChatPush } from '../../delivery/deliver-chat-message.ts'
import { pushPayload } from '../../delivery/push-payload.ts'
import type { PushContent } from '../../delivery/web-push-channel.ts'
import type { BrowserDevice } from '../../devices/device.ts'
import type { WorkerContext } from './worker-context.ts'

/** All messages of one conversation share their tag and Topic, so that a device shows one. */
export function chatContent(
  context: WorkerContext,
  push: ChatPush<BrowserDevice>,
  topic: string,
): PushContent {
  const { event, key } = push
  const data: PushData = {
    v: 1,
    type: 'chat_message',
    id: key.id,
    conversationId: event.conversationId,
    messageId: event.id,
    senderId: event.senderId,
    ts: Math.floor(context.now() / 1000),
    exp: Math.floor(push.expiresAtMs / 1000),
    receipt: context.capabilities.receipt({
      deliveryId: key.id,
      deviceRowId: push.to.id,
      subjectId: event.conversationId,
    }),
  }
  const path = event.url ?? `/chats/${encodeURIComponent(event.conversationId)}`
  const wish = push.preferences?.preview ?? 'auto'
  return {
    payload: pushPayload(
      {
        // Web push is encrypted to the device, so `auto` shows all.
        ...chatText(event, wish === 'auto' ? 'full' : wish),
        navigate: `${context.appUrl}${path}`,
        tag: `chat-${event.conversationId}`,
        silent: false,
        data,
      },
      push.maxBytes,
    ),
    ttlSeconds: Math.max(1, Math.floor((push.expiresAtMs - context.now()) / 1000)),
    urgency: 'normal',
    topic,
  }
}
