import * as z from 'zod'
import { id } from './id.ts'

const base = {
  v: z.literal(1),
  /** The delivery's id; what the service worker remembers as seen. */
  id,
  /** Capability for `POST /api/push-receipts`, and to decline this ring until it expires. */
  receipt: z.string(),
  /** Unix seconds by the server's clock when this was written: devices correct their own clock by it. */
  ts: z.int(),
  /** Unix seconds after which this is stale: a ring shows as missed. */
  exp: z.int(),
}

const call = { sessionId: id, callerUid: id, callerName: z.string() }

export const pushData = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('incoming_call'),
    ...base,
    ...call,
    media: z.enum(['audio', 'video']),
  }),
  z.object({
    type: z.literal('call_ended'),
    ...base,
    ...call,
    reason: z.enum(['accepted', 'declined', 'cancelled', 'busy']),
  }),
  z.object({
    type: z.literal('missed_call'),
    ...base,
    ...call,
    media: z.enum(['audio', 'video']),
  }),
  z.object({
    type: z.literal('chat_message'),
    ...base,
    conversationId: id,
    messageId: id,
    senderId: id,
  }),
  z.object({ type: z.literal('test'), ...base, kind: z.enum(['message', 'call']) }),
])
/** What our own service worker reads. `data` of the notification, in every browser. */
export type PushData = z.infer<typeof pushData>

/**
 * One JSON for all browsers: Declarative Web Push (`web_push: 8030`) for Apple, read by a classic
 * service worker elsewhere. The flat keys serve simple service workers of others.
 * Plaintext at most 2,800 bytes.
 */
export const pushPayload = z.object({
  web_push: z.literal(8030),
  notification: z.object({
    title: z.string().min(1),
    body: z.string(),
    /** Absolute address that a click opens. */
    navigate: z.url(),
    tag: z.string(),
    lang: z.string(),
    dir: z.enum(['auto', 'ltr', 'rtl']),
    silent: z.boolean(),
    data: pushData,
  }),
  mutable: z.literal(false),
  type: z.string(),
  sessionId: id.optional(),
  callerUid: id.optional(),
  callerName: z.string().optional(),
  conversationId: id.optional(),
  senderId: id.optional(),
})
export type PushPayload = z.infer<typeof pushPayload>
