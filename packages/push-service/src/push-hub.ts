import type { EventRecorder } from './event-log.ts'
import { decodeMessageId, encodeMessageId, type MessageId } from './message-id.ts'
import type { PushMessage } from './push-message.ts'
import { createStoredMessages, type StoredMessages } from './stored-messages.ts'
import { createSubscriptions, type Subscriptions } from './subscriptions.ts'

/** Something that a message can be handed to at once: a browser's socket, or a recipient in this process. */
export interface Connection {
  deliver(message: PushMessage): void
  /** Must be over, with everything owed back in storage, when it returns. */
  close(code: number): void
}

/** Where senders and browsers meet: the one place that knows who is connected. */
export interface PushHub {
  readonly subscriptions: Subscriptions
  readonly stored: StoredMessages
  readonly recorder: EventRecorder
  /** Origin of endpoints and Locations, and the audience of VAPID tokens. */
  readonly origin: string
  now(): number
  randomBytes(size: number): Buffer
  newVersion(id: MessageId): string
  /** Hands a message to its browser when that is connected, else stores it. */
  accept(message: PushMessage): void
  /** Removes a message that still waits. False when nothing did. */
  withdraw(version: string): boolean
  /** The newest connection of a browser wins: the one before is closed with 1011. */
  connect(uaid: string, connection: Connection): void
  disconnected(uaid: string, connection: Connection): void
  /** Closes the connection of one browser, or of all. */
  cut(code: number, uaid?: string): void
  unregister(uaid: string, channelId: string): boolean
  forget(uaid: string): boolean
}

export function createPushHub(options: {
  readonly origin: string
  readonly now: () => number
  readonly randomBytes: (size: number) => Buffer
  readonly recorder: EventRecorder
}): PushHub {
  const subscriptions = createSubscriptions(options.randomBytes)
  const stored = createStoredMessages()
  const connections = new Map<string, Connection>()
  return {
    ...options,
    subscriptions,
    stored,
    newVersion: (id) => encodeMessageId(id, options.randomBytes(9)),
    accept(message) {
      const connection = connections.get(message.uaid)
      if (connection === undefined) stored.put(message)
      else connection.deliver(message)
    },
    withdraw(version) {
      const id = decodeMessageId(version)
      if (id === undefined) return false
      const { uaid, channelId, topic } = id
      if (topic === undefined) return stored.remove(uaid, version)
      return stored.removeTopic(uaid, channelId, topic)
    },
    connect(uaid, connection) {
      connections.get(uaid)?.close(1011)
      connections.set(uaid, connection)
    },
    disconnected(uaid, connection) {
      if (connections.get(uaid) === connection) connections.delete(uaid)
    },
    cut(code, uaid) {
      for (const [key, connection] of connections) {
        if (uaid === undefined || uaid === key) connection.close(code)
      }
    },
    unregister(uaid, channelId) {
      stored.clear(uaid, channelId)
      return subscriptions.unregister(uaid, channelId)
    },
    forget(uaid) {
      connections.get(uaid)?.close(1000)
      stored.clear(uaid)
      return subscriptions.forget(uaid)
    },
  }
}
