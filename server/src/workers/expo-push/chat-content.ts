import { chatText } from '../../delivery/chat-text.ts'
import type { ChatPush } from '../../delivery/deliver-chat-message.ts'
import type { ExpoChatData } from '../../delivery/expo-data.ts'
import { expoPayload } from '../../delivery/expo-payload.ts'
import { expoMaxBytes, type ExpoContent } from '../../delivery/expo-push-channel.ts'
import { expoTag } from '../../delivery/expo-tag.ts'
import { words } from '../../delivery/words.ts'
import type { PhoneDevice } from '../../devices/device.ts'
import type { WorkerContext } from './worker-context.ts'

/** The app makes it, for messages. */
const channelId = 'messages_v1'

/** All messages of one conversation share their tag, so that a phone shows one. */
export function chatContent(context: Written, push: ChatPush<PhoneDevice>): ExpoContent {
  const { event } = push
  const wish = push.preferences?.preview ?? 'auto'
  const isBare = push.maxBytes <= expoMaxBytes.smallest
  return chatNote(context, {
    deliveryId: push.key.id,
    to: push.to,
    conversationId: event.conversationId,
    messageId: event.id,
    senderId: event.senderId,
    url: event.url ?? pathOf(event.conversationId),
    // Expo, Apple and Google can read this, so `auto` shows who wrote and not what.
    text: isBare ? bareText : chatText(event, wish === 'auto' ? 'sender' : wish),
    expiresAtMs: push.expiresAtMs,
    maxBytes: push.maxBytes,
  })
}

/** Ids alone: for when more than that was too large. */
export function bareChatContent(
  context: Written,
  note: Omit<ChatNote, 'url' | 'text' | 'maxBytes'>,
): ExpoContent {
  const url = pathOf(note.conversationId)
  return chatNote(context, { ...note, url, text: bareText, maxBytes: expoMaxBytes.smallest })
}

function pathOf(conversationId: string): string {
  return `/chats/${encodeURIComponent(conversationId)}`
}

const bareText = { title: words.newMessage, body: '' }

type Written = Pick<WorkerContext, 'capabilities' | 'now'>

interface ChatNote {
  readonly deliveryId: string
  readonly to: Pick<PhoneDevice, 'id'>
  readonly conversationId: string
  readonly messageId: string
  /** Unknown when only the ledger is left to ask. */
  readonly senderId?: string
  readonly url: string
  readonly text: { readonly title: string; readonly body: string }
  readonly expiresAtMs: number
  readonly maxBytes: number
}

function chatNote(context: Written, note: ChatNote): ExpoContent {
  const { conversationId, messageId, senderId, url } = note
  const nowMs = context.now()
  const tag = expoTag(context.capabilities, 'chat', conversationId)
  const data: ExpoChatData = {
    v: 1,
    type: 'chat_message',
    id: note.deliveryId,
    tag,
    conversationId,
    messageId,
    ...(senderId === undefined ? {} : { senderId }),
    ts: Math.floor(nowMs / 1000),
    exp: Math.floor(note.expiresAtMs / 1000),
    receipt: context.capabilities.receipt({
      deliveryId: note.deliveryId,
      deviceRowId: note.to.id,
      subjectId: conversationId,
    }),
    url,
  }
  const fixed = {
    priority: 'high',
    ttl: Math.max(1, Math.floor((note.expiresAtMs - nowMs) / 1000)),
    sound: 'default',
    channelId,
    tag,
    threadId: tag,
    collapseId: tag,
  } as const
  return {
    pace: 'patient',
    message: expoPayload(
      {
        ...note.text,
        data,
        message: (title, body, own) => ({ title, body, data: { ...own }, ...fixed }),
      },
      note.maxBytes,
    ),
  }
}
