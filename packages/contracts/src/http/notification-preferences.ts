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

const notYet = 'is not supported yet: leave it out, or send it switched off'
const off = z.literal(false, { error: notYet })

/**
 * What may be set. A field that we do not have is refused by its name, because whoever sends it
 * counts on it: quiet hours that nobody keeps ring at night. Switched off it is what we do anyway.
 */
export const notificationPreferencesBody = z
  .strictObject({
    ...notificationPreferences.shape,
    quietHours: z.looseObject({ enabled: off }).optional(),
    missedCall: z.strictObject({ email: off.optional(), sms: off.optional() }).optional(),
  })
  .transform((body) => notificationPreferences.parse(body))
