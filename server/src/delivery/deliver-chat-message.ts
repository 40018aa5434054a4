import { eventId, type ChatMessage, type NotificationPreferences } from '@belfry/contracts'
import type { Device } from '../devices/device.ts'
import { logLines } from '../observability/log-lines.ts'
import type { DeliveryOrder } from './deliver.ts'
import { refuseChat } from './policy.ts'
import type { PushWork } from './push-work.ts'

const ttlSeconds = 24 * 3600
const deadlineMs = 10_000

/** What a channel writes a message from. */
export interface ChatPush<To extends Device> {
  readonly event: ChatMessage
  readonly key: DeliveryOrder['key']
  readonly to: To
  readonly preferences: NotificationPreferences | null
  readonly expiresAtMs: number
  readonly maxBytes: number
}

/** A message, to every device of every recipient, but for the tab that shows the conversation. */
export async function deliverChatMessage<To extends Device, Content>(
  work: PushWork<To, Content>,
  event: ChatMessage,
  how: { only: string | null; write: (push: ChatPush<To>) => Content },
): Promise<void> {
  const { now, channel } = work
  work.log.info(logLines.consumingChat(channel.name, event.id))
  const expiresAtMs = Date.parse(event.sentAt) + ttlSeconds * 1000
  const hasRead = readCheck(work, event)

  const { accepted } = await work.fanOut({
    eventId: eventId(event),
    kind: 'chat_message',
    subjectId: event.conversationId,
    recipientIds: event.recipientIds.filter((id) => id !== event.senderId),
    only: how.only,
    refusePerson: (_userId, preferences) => refuseChat(preferences, event.conversationId, now()),
    plan: (device, key, preferences) => {
      const { deviceId, ownerId } = device
      const viewing =
        deviceId !== null && work.presence.isViewing(ownerId, deviceId, event.conversationId)
      if (viewing) return 'viewing'
      return {
        key,
        event,
        queue: channel.queues.chat,
        pace: 'patient',
        expiresAtMs,
        deadlineMs,
        lastCheck: async () =>
          (await hasRead(ownerId)) ? { kind: 'refuse', reason: 'already_read' } : { kind: 'send' },
        write: (to, maxBytes) => how.write({ event, key, to, preferences, expiresAtMs, maxBytes }),
      }
    },
  })

  if (accepted === 0) return
  work.log.info(logLines.sentChat(channel.name, event.id))
  work.announce([event.senderId], 'chat.notified', {
    conversationId: event.conversationId,
    messageId: event.id,
  })
}

/** The marks of a whole group are read at once, and not once a device. */
const marksAreFreshMs = 200

function readCheck(
  { store, now }: Pick<PushWork<never, never>, 'store' | 'now'>,
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
