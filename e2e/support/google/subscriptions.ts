import { randomBytes } from 'node:crypto'

/** One registration of one browser: what a push endpoint's last path segment stands for. */
export interface GoogleSubscription {
  readonly token: string
  /** Decimal, as MCS logs in with it. */
  readonly androidId: string
  /** `wp:<origin>/#<guid>-V2` for a web push subscription, else the app id itself. */
  readonly subtype: string
  readonly app: string
  /** The application server key, base64url. */
  readonly sender: string
}

/** A message on its way to a browser, kept until the browser acknowledges it. */
export interface GoogleMessage {
  readonly persistentId: string
  readonly subscription: GoogleSubscription
  readonly body: Buffer
  readonly contentEncoding: string | undefined
  readonly topic: string | undefined
  readonly ttlSeconds: number
  readonly sentAtMs: number
}

interface NewMessage extends Omit<GoogleMessage, 'persistentId' | 'subscription'> {
  readonly token: string
}

/**
 * Who is registered, and what waits for whom.
 *
 * A message waits from `accept` until `acknowledge`; a new one with the same Topic takes the place
 * of a waiting one that was not sent yet (RFC 8030 §5.4); `due` forgets what outlived its TTL.
 */
export interface GoogleSubscriptions {
  readonly register: (subscription: Omit<GoogleSubscription, 'token'>) => GoogleSubscription
  readonly unregister: (androidId: string, subtype: string) => readonly GoogleSubscription[]
  readonly find: (token: string) => GoogleSubscription | 'gone' | undefined
  readonly accept: (message: NewMessage, online: boolean) => GoogleMessage | undefined
  readonly due: (androidId: string, nowMs: number) => readonly GoogleMessage[]
  readonly acknowledge: (persistentIds: readonly string[]) => void
}

export function createGoogleSubscriptions(): GoogleSubscriptions {
  const byToken = new Map<string, GoogleSubscription | 'gone'>()
  const waiting = new Map<string, GoogleMessage>()
  let lastMessage = 0

  const remove = (subscription: GoogleSubscription): void => {
    byToken.set(subscription.token, 'gone')
    for (const message of waiting.values()) {
      if (message.subscription.token === subscription.token) waiting.delete(message.persistentId)
    }
  }

  const unregister = (androidId: string, subtype: string): readonly GoogleSubscription[] => {
    const removed = [...byToken.values()].filter(
      (entry) => entry !== 'gone' && entry.androidId === androidId && entry.subtype === subtype,
    )
    const subscriptions = removed.filter((entry) => entry !== 'gone')
    for (const subscription of subscriptions) remove(subscription)
    return subscriptions
  }

  const replaceByTopic = ({ subscription, topic }: GoogleMessage): void => {
    if (topic === undefined) return
    for (const older of waiting.values()) {
      if (older.topic === topic && older.subscription.token === subscription.token) {
        waiting.delete(older.persistentId)
      }
    }
  }

  const accept = (incoming: NewMessage, online: boolean): GoogleMessage | undefined => {
    const { token, ...rest } = incoming
    const subscription = byToken.get(token)
    if (subscription === undefined || subscription === 'gone') return undefined
    lastMessage += 1
    const message = { ...rest, persistentId: `0:${lastMessage}`, subscription }
    if (!online) replaceByTopic(message)
    if (online || message.ttlSeconds > 0) waiting.set(message.persistentId, message)
    return message
  }

  return {
    register: (subscription) => {
      const token = `e2e:${randomBytes(24).toString('base64url')}`
      const registered = { token, ...subscription }
      byToken.set(token, registered)
      return registered
    },
    unregister,
    find: (token) => byToken.get(token),
    accept,
    due: (androidId, nowMs) => {
      for (const message of waiting.values()) {
        const expired = message.sentAtMs + message.ttlSeconds * 1000 <= nowMs
        if (expired) waiting.delete(message.persistentId)
      }
      return [...waiting.values()].filter(
        ({ subscription }) => subscription.androidId === androidId,
      )
    },
    acknowledge: (persistentIds) => {
      for (const persistentId of persistentIds) waiting.delete(persistentId)
    },
  }
}
