import * as z from 'zod'
import { id, instant } from '../id.ts'

/**
 * `preview`: how much of a message a push shows. `auto` is full on web push, which is encrypted
 * to the device, and the sender alone on Expo, whose operators can read it.
 */
export const notificationPreferences = z.object({
  chat: z.boolean().default(true),
  calls: z.boolean().default(true),
  preview: z.enum(['auto', 'full', 'sender', 'none']).default('auto'),
  muted: z
    .array(z.object({ conversationId: id, until: instant.nullable().default(null) }))
    .max(1000)
    .default([]),
})
export type NotificationPreferences = z.infer<typeof notificationPreferences>
