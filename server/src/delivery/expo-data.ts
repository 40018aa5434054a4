import type { CallEnd } from './call-push.ts'

/** What the mobile app reads: `data` of every push. */
export type ExpoData = ExpoCallData | ExpoChatData

interface Told {
  readonly v: 1
  /** The delivery's id; what the app remembers as seen. */
  readonly id: string
  /** Names the notification on the phone: the later one of a tag replaces the earlier. At most 64 bytes. */
  readonly tag: string
  /** Capability for `POST /api/push-receipts`, and to decline this ring until it expires. */
  readonly receipt: string
  /** Unix seconds by the server's clock when this was written. */
  readonly ts: number
  /** Unix seconds after which this is stale: a ring shows as missed. */
  readonly exp: number
  /** Path of the page that a tap opens. Left out when there is no room: the ids say it too. */
  readonly url?: string
}

export interface ExpoCallData extends Told {
  readonly type: 'incoming_call' | 'call_ended' | 'missed_call'
  readonly sessionId: string
  /** Left out when there is no room. */
  readonly callerUid?: string
  readonly callerName: string
  readonly media: 'audio' | 'video'
  /** With `call_ended`. */
  readonly reason?: CallEnd['reason']
  /** With a `call_ended` that the app draws: the words of what replaces the ring. */
  readonly title?: string
  readonly body?: string
}

export interface ExpoChatData extends Told {
  readonly type: 'chat_message'
  readonly conversationId: string
  readonly messageId: string
  /** Left out when there is no room. */
  readonly senderId?: string
}
