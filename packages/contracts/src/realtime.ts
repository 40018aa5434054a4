import * as z from 'zod'
import { call } from './http/calls.ts'
import { message } from './http/conversations.ts'
import { id } from './id.ts'

/** Server → client, by name. */
export const realtimeEvents = {
  'chat.message': message.extend({
    senderName: z.string(),
    conversationTitle: z.string().nullable(),
  }),
  /** A push service took the message for a device of a recipient. To its sender. */
  'chat.notified': z.object({ conversationId: id, messageId: id }),
  'conversation.read': z.object({ conversationId: id, userId: id, messageId: id }),
  'call.ringing': call,
  'call.updated': call,
  'devices.updated': z.object({
    subscriptionId: id,
    change: z.enum(['registered', 'renamed', 'removed', 'accepted', 'shown', 'failed']),
  }),
} as const
export type RealtimeEventName = keyof typeof realtimeEvents
export type RealtimeEvents = { [N in RealtimeEventName]: z.infer<(typeof realtimeEvents)[N]> }

/** Client → server: what this tab shows. Sent on every change and every 25 s. */
export const presence = z.object({ visible: z.boolean(), conversationId: id.nullish() })
export type Presence = z.infer<typeof presence>

/** `auth` of the Socket.IO handshake. */
export const realtimeAuth = z.object({ token: z.string(), deviceId: id.optional() })
