import * as z from 'zod'
import { id, instant } from '../id.ts'
import { line } from '../line.ts'

export const pushConfig = z.object({
  /** 65-byte uncompressed P-256 point, base64url without padding. Fetch it at run time. */
  vapidPublicKey: z.string(),
  ringTimeoutSeconds: z.int(),
  serverTime: instant,
})
export type PushConfig = z.infer<typeof pushConfig>

/** Wrong lengths and forbidden hosts are no matter of shape: `parseSubscription` answers them, each with its code. */
const endpoint = z.string()
const expirationTime = z.number().nullable().optional()
const nested = z.object({
  endpoint,
  expirationTime,
  keys: z.object({ p256dh: z.string(), auth: z.string() }),
})
const flat = z.object({ endpoint, expirationTime, p256dh: z.string(), auth: z.string() })
const wrongShape =
  'must be subscription.toJSON(), {endpoint, keys: {p256dh, auth}}, or the same flat: {endpoint, p256dh, auth}'

/** The flat form, made the nested one. */
function nest<Rest extends { p256dh: string; auth: string }>({ p256dh, auth, ...rest }: Rest) {
  return { ...rest, keys: { p256dh, auth } }
}

/** `subscription.toJSON()` of a browser, or the same flat. */
export const browserSubscription = z.union([nested, flat.transform(nest)], { error: wrongShape })
export type BrowserSubscription = z.infer<typeof nested>

/** What a page does not know it leaves out, or sends as null. */
const registration = z.object({
  deviceName: line(80).nullish(),
  /** Random, one a browser profile; the page makes it once and keeps it. */
  deviceId: id.nullish(),
  /** Which of our public keys the subscription was made with; the current one when absent. */
  applicationServerKey: z.string().nullish(),
})

/** Both at once, so that each field that is wrong is named by its own name. */
export const registerSubscriptionBody = z.intersection(browserSubscription, registration)
export type RegisterSubscriptionBody = z.infer<typeof registerSubscriptionBody>

/** Which wires lead to a phone: Google's or Apple's. It decides how a ring is sent. */
const platform = z.enum(['android', 'ios'])

/** What an app sends that does not know something: nothing, or null. */
export const registerExpoTokenBody = z.object({
  /** Its shape is no matter of the schema: `parseExpoToken` answers it, with its own code. */
  token: z.string(),
  platform: platform.nullish(),
  /** Random, one an install; the app makes it once and keeps it as long as its token lives. */
  deviceId: id.nullish(),
  deviceName: line(80).nullish(),
  appVersion: line(80).nullish(),
  /** The Expo project that the token belongs to. */
  projectId: id.nullish(),
})
export type RegisterExpoTokenBody = z.infer<typeof registerExpoTokenBody>

/** By the token, or by the install's own id. */
export const deleteExpoTokenBody = z.union(
  [z.object({ token: z.string() }), z.object({ deviceId: id })],
  { error: 'must be {token} or {deviceId}' },
)
export type DeleteExpoTokenBody = z.infer<typeof deleteExpoTokenBody>

/** A browser or a phone as its owner sees it: never keys or a token, never the whole endpoint. */
export const pushSubscription = z.object({
  id,
  kind: z.enum(['web-push', 'expo']),
  /** Of phones only; null when the app did not say. */
  platform: platform.nullable().optional(),
  deviceName: z.string(),
  deviceId: z.string().nullable(),
  /** Host of the push service. */
  host: z.string(),
  createdAt: instant,
  lastSeenAt: instant,
  /** The push service took a message. Says nothing of its being shown. */
  lastAcceptedAt: instant.nullable(),
  /** The device itself said that it showed one. */
  lastShownAt: instant.nullable(),
  /** The last problem in words; null when the last delivery was taken. */
  lastError: z.string().nullable(),
})
export type PushSubscription = z.infer<typeof pushSubscription>

/** `renewToken` lets a service worker, which has no session, renew this row once. */
export const registeredSubscription = pushSubscription.extend({ renewToken: z.string() })
export type RegisteredSubscription = z.infer<typeof registeredSubscription>

export const pushSubscriptions = z.object({ subscriptions: z.array(pushSubscription) })
export type PushSubscriptions = z.infer<typeof pushSubscriptions>

export const deleteSubscriptionBody = z.object({ endpoint: z.string() })

export const renameSubscriptionBody = z.object({ deviceName: line(80) })

export const renewSubscriptionBody = z.object({
  oldEndpoint: z.string(),
  renewToken: z.string().optional(),
  subscription: browserSubscription,
  applicationServerKey: z.string().optional(),
})
export type RenewSubscriptionBody = z.infer<typeof renewSubscriptionBody>

export const renewedSubscription = z.object({ id, renewToken: z.string() })
export type RenewedSubscription = z.infer<typeof renewedSubscription>

export const testNotificationBody = z.object({
  /** Only this device; all of the person's when absent. */
  id: id.optional(),
  kind: z.enum(['message', 'call']).default('message'),
})

export const testResult = z.object({
  id,
  outcome: z.enum(['accepted', 'gone', 'retry', 'rejected']),
  /** HTTP status of the push service; null when there was no answer. */
  status: z.int().nullable(),
  host: z.string(),
  /** What to do about it, in one sentence. */
  hint: z.string().optional(),
})
export const testResults = z.object({ results: z.array(testResult) })
export type TestResults = z.infer<typeof testResults>

export const pushReceiptBody = z.object({
  receipt: z.string(),
  event: z.enum(['shown', 'clicked', 'dismissed']),
})
export type PushReceiptBody = z.infer<typeof pushReceiptBody>
