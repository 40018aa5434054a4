import { encodeBase64url } from './base64url.ts'
import { hashVapidKey } from './check-vapid.ts'

/** What an endpoint's token stands for. It never changes; whether its channel still exists does. */
export interface EndpointRecord {
  readonly uaid: string
  readonly channelId: string
  /** SHA-256 (hex) of the VAPID key that the subscription was made with. */
  readonly keyHash: string | undefined
}

/** Browsers, their channels and the endpoints that lead there, in memory. */
export interface Subscriptions {
  /** A fresh uaid: 32 hex characters. It counts as known only after its first `register`. */
  issueUaid(): string
  isKnown(uaid: string): boolean
  /**
   * Makes a channel and returns its endpoint's path. Registering a channel again, also after an
   * `unregister`, gives a second endpoint and makes the first one live again, as Mozilla's service does.
   */
  register(uaid: string, channelId: string, vapidKey: Uint8Array | undefined): string
  /** False when there was no such channel. */
  unregister(uaid: string, channelId: string): boolean
  /** False when there was no such browser. */
  forget(uaid: string): boolean
  /** What a path of an endpoint stands for, also when the channel is gone; undefined for a path never given out. */
  find(path: string): EndpointRecord | undefined
  isSubscribed(record: EndpointRecord): boolean
}

export function createSubscriptions(randomBytes: (size: number) => Buffer): Subscriptions {
  const channels = new Map<string, Set<string>>()
  const endpoints = new Map<string, EndpointRecord>()
  return {
    issueUaid: () => randomBytes(16).toString('hex'),
    isKnown: (uaid) => channels.has(uaid),
    register(uaid, channelId, vapidKey) {
      channels.set(uaid, (channels.get(uaid) ?? new Set()).add(channelId))
      const keyHash = vapidKey === undefined ? undefined : hashVapidKey(vapidKey)
      // v2 endpoints are bound to a key, v1 endpoints are open to anyone who knows them.
      const version = keyHash === undefined ? 'v1' : 'v2'
      const path = `/wpush/${version}/${encodeBase64url(randomBytes(48))}`
      endpoints.set(path, { uaid, channelId, keyHash })
      return path
    },
    unregister: (uaid, channelId) => channels.get(uaid)?.delete(channelId) ?? false,
    forget: (uaid) => channels.delete(uaid),
    find: (path) => endpoints.get(path),
    isSubscribed: ({ uaid, channelId }) => channels.get(uaid)?.has(channelId) ?? false,
  }
}
