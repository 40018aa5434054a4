import { createECDH } from 'node:crypto'
import { encodeBase64url } from './base64url.ts'
import { decrypt, type SubscriptionKeys } from './decrypt.ts'
import { DecryptError } from './errors.ts'
import type { Connection, PushHub } from './push-hub.ts'
import type { PushMessage } from './push-message.ts'

/** One push as its recipient read it. */
export interface ReceivedPush {
  /** The plaintext; empty for a push without payload. */
  readonly text: string
  /** The plaintext parsed as JSON; undefined when it is not JSON. */
  readonly json: unknown
  readonly version: string
  readonly topic: string | undefined
  readonly urgency: string | undefined
  /** Seconds. */
  readonly ttl: number
  /** Milliseconds since the epoch, when the service accepted it. */
  readonly receivedAt: number
}

/** A subscription whose private key is at hand, so that a test reads what was sent. */
export interface Recipient {
  readonly endpoint: string
  /** base64url, 65 bytes. */
  readonly p256dh: string
  /** base64url, 16 bytes. */
  readonly auth: string
  /** base64url, 32 bytes. */
  readonly privateKey: string
  readonly uaid: string
  /** What arrived and could be decrypted, in order of arrival. */
  readonly received: readonly ReceivedPush[]
  /** In the shape of a browser's `subscription.toJSON()`. */
  toJSON(): { endpoint: string; expirationTime: null; keys: { p256dh: string; auth: string } }
  /** Opens a request body (RFC 8291). Throws DECRYPT_FAILED. */
  decrypt(body: Uint8Array): string
  /** Resolves with the next push, from this call on, that satisfies the predicate. */
  next(predicate?: (push: ReceivedPush) => boolean): Promise<ReceivedPush>
  /** From now on pushes are stored (TTL, Topic), as for a browser that is not running. */
  goOffline(): void
  /** Receives what was stored, Topic messages first, and is reachable again. */
  goOnline(): void
  /** The subscription is gone: senders get 410. */
  unsubscribe(): void
}

/** Makes a channel of its own browser, connected from the start. */
export function createRecipient(hub: PushHub, vapidKey: Uint8Array | undefined): Recipient {
  const uaid = hub.subscriptions.issueUaid()
  const channelId = uuidOf(hub.randomBytes(16))
  const endpoint = hub.origin + hub.subscriptions.register(uaid, channelId, vapidKey)
  const keys = generateKeys(hub)
  const p256dh = encodeBase64url(keys.publicKey)
  const auth = encodeBase64url(keys.auth)
  const received: ReceivedPush[] = []
  const waiting = new Set<(push: ReceivedPush) => void>()
  const connection: Connection = { deliver, close: () => hub.disconnected(uaid, connection) }

  function deliver(message: PushMessage): void {
    const { version } = message
    const base = { uaid, channelId, version }
    hub.recorder.record({ type: 'delivery', ...base, at: hub.now() })
    const push = read(message, keys)
    hub.recorder.record({
      type: 'ack',
      ...base,
      code: push === undefined ? 101 : 100,
      at: hub.now(),
    })
    if (push === undefined) return
    received.push(push)
    for (const offer of waiting) offer(push)
  }

  hub.connect(uaid, connection)
  return {
    endpoint,
    p256dh,
    auth,
    privateKey: encodeBase64url(keys.privateKey),
    uaid,
    received,
    toJSON: () => ({ endpoint, expirationTime: null, keys: { p256dh, auth } }),
    decrypt: (body) => decrypt(body, keys).toString('utf8'),
    next: (predicate = () => true) =>
      new Promise((resolve) => {
        const offer = (push: ReceivedPush) => {
          if (!predicate(push)) return
          waiting.delete(offer)
          resolve(push)
        }
        waiting.add(offer)
      }),
    goOffline: () => hub.disconnected(uaid, connection),
    goOnline() {
      hub.connect(uaid, connection)
      for (const message of hub.stored.next(uaid, { limit: Infinity, now: hub.now() })) {
        hub.stored.remove(uaid, message.version)
        deliver(message)
      }
    },
    unsubscribe: () => {
      hub.unregister(uaid, channelId)
      hub.recorder.record({ type: 'unregister', uaid, channelId, code: 200, at: hub.now() })
    },
  }
}

/** Undefined when it cannot be decrypted; a browser would answer ack code 101 then. */
function read(message: PushMessage, keys: SubscriptionKeys): ReceivedPush | undefined {
  const { version, topic, urgency, ttlSeconds: ttl, receivedAt, body } = message
  try {
    const text = body.length === 0 ? '' : decrypt(body, keys).toString('utf8')
    return { text, json: parseJson(text), version, topic, urgency, ttl, receivedAt }
  } catch (error) {
    if (error instanceof DecryptError) return undefined
    throw error
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A push need not be JSON; `text` has it as it is.
    return undefined
  }
}

/** Not `generateKeys()`: with a given source of randomness the keys are the same in every run. */
function generateKeys(hub: PushHub): SubscriptionKeys {
  const ecdh = createECDH('prime256v1')
  for (;;) {
    const privateKey = hub.randomBytes(32)
    try {
      ecdh.setPrivateKey(privateKey)
      return { privateKey, publicKey: ecdh.getPublicKey(), auth: hub.randomBytes(16) }
    } catch {
      // One in 2^32 numbers is not below the curve's order: take the next.
    }
  }
}

function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
