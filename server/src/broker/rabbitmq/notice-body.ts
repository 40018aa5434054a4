import * as z from 'zod'
import type { Notice } from '../port.ts'

const notice = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('realtime'),
    to: z.array(z.string()),
    name: z.string(),
    payload: z.unknown(),
  }),
  z.object({
    kind: z.literal('presence'),
    userId: z.string(),
    deviceId: z.string(),
    tabId: z.string(),
    visible: z.boolean(),
    conversationId: z.string().nullable(),
    untilMs: z.number(),
  }),
  z.object({ kind: z.literal('session_ended'), sid: z.string() }),
])

export function writeNotice(value: Notice): Buffer {
  return Buffer.from(JSON.stringify(value))
}

/** Null: not one that this version knows; during an upgrade a newer process may send such. */
export function readNotice(body: Buffer): Notice | null {
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    return null // Whoever sent it is not one of ours.
  }
  const parsed = notice.safeParse(value)
  return parsed.success ? parsed.data : null
}
