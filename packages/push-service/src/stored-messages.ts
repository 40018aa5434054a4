import type { PushMessage } from './push-message.ts'

/** Messages that wait for their browser, in memory. */
export interface StoredMessages {
  /** Keeps a message until its TTL has passed. TTL 0 is dropped. A Topic replaces the older message of its channel. */
  put(message: PushMessage): void
  /** The first `limit` messages of a browser that have not expired: Topic messages first, then by time. */
  next(uaid: string, options: { readonly limit: number; readonly now: number }): PushMessage[]
  /** Removes one message by version. False when there was none. */
  remove(uaid: string, version: string): boolean
  /** Removes the channel's message of that Topic, whichever version it has by now. */
  removeTopic(uaid: string, channelId: string, topic: string): boolean
  /** Removes what a channel, or with no channel a whole browser, still has. */
  clear(uaid: string, channelId?: string): void
}

export function createStoredMessages(): StoredMessages {
  /** By browser, in order of arrival. */
  const waiting = new Map<string, PushMessage[]>()

  /** Keeps the messages that satisfy `keep`; says whether any went. */
  function filter(uaid: string, keep: (message: PushMessage) => boolean): boolean {
    const before = waiting.get(uaid) ?? []
    const after = before.filter(keep)
    if (after.length === 0) waiting.delete(uaid)
    else waiting.set(uaid, after)
    return after.length < before.length
  }
  const isOfTopic = (message: PushMessage, channelId: string, topic: string) =>
    message.channelId === channelId && message.topic === topic

  return {
    put(message) {
      if (message.ttlSeconds === 0) return
      const { uaid, channelId, topic } = message
      if (topic !== undefined) filter(uaid, (other) => !isOfTopic(other, channelId, topic))
      const messages = waiting.get(uaid)
      if (messages === undefined) waiting.set(uaid, [message])
      else messages.push(message)
    },
    next(uaid, { limit, now }) {
      filter(uaid, (message) => !isExpired(message, now))
      const messages = waiting.get(uaid) ?? []
      const byTime = messages.toSorted((a, b) => a.receivedAt - b.receivedAt)
      const ordered = [
        ...byTime.filter((message) => message.topic !== undefined),
        ...byTime.filter((message) => message.topic === undefined),
      ]
      return ordered.slice(0, limit)
    },
    remove: (uaid, version) => filter(uaid, (message) => message.version !== version),
    removeTopic: (uaid, channelId, topic) =>
      filter(uaid, (message) => !isOfTopic(message, channelId, topic)),
    clear(uaid, channelId) {
      filter(uaid, (message) => channelId !== undefined && message.channelId !== channelId)
    },
  }
}

function isExpired(message: PushMessage, now: number): boolean {
  return now >= message.receivedAt + message.ttlSeconds * 1000
}
