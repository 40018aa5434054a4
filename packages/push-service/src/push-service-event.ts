/** One request of a sender to an endpoint, as it came in. */
export interface SenderRequest {
  /** The whole endpoint URL that was asked. */
  readonly endpoint: string
  /** The endpoint's last path segment. */
  readonly endpointToken: string
  /** All headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The bytes as received: still encrypted. Empty for a push without payload. */
  readonly body: Buffer
  /** Milliseconds since the epoch, by the service's clock. */
  readonly receivedAt: number
}

/** A push that was answered 201. Accepted is not shown: wait for `ack` to know that a browser had it. */
export interface AcceptedPush extends SenderRequest {
  readonly type: 'push'
  /** The id in `Location`, and the `version` that the browser acknowledges. */
  readonly version: string
  readonly uaid: string
  readonly channelId: string
  /** Seconds, as granted: at most 30 days. */
  readonly ttl: number
  readonly urgency: string | undefined
  readonly topic: string | undefined
}

/** What a push service sees. Every `at` and `receivedAt` is in milliseconds since the epoch. */
export type PushServiceEvent =
  | AcceptedPush
  /** A push that the rules refused; `errno` is Mozilla's, when the answer has one. */
  | (SenderRequest & { readonly type: 'refused'; readonly status: number; readonly errno?: number })
  /** A push that was answered as `answerNext` said; `status` is missing when no answer is given. */
  | (SenderRequest & { readonly type: 'scripted'; readonly kind: string; readonly status?: number })
  /** A sender's DELETE of a Location; `stored` says whether there was something left to withdraw. */
  | {
      readonly type: 'withdraw'
      readonly version: string
      readonly stored: boolean
      readonly at: number
    }
  /** A browser said hello; `known` is false when it was given a new uaid. */
  | { readonly type: 'hello'; readonly uaid: string; readonly known: boolean; readonly at: number }
  | {
      readonly type: 'register'
      readonly uaid: string
      readonly channelId: string
      readonly endpoint: string
      readonly at: number
    }
  /** `code`: 200 by the page, 201 quota of silent pushes exceeded, 202 permission revoked. */
  | {
      readonly type: 'unregister'
      readonly uaid: string
      readonly channelId: string
      readonly code: number
      readonly at: number
    }
  /** The message was written to the browser's socket. */
  | {
      readonly type: 'delivery'
      readonly uaid: string
      readonly channelId: string
      readonly version: string
      readonly at: number
    }
  /** `code`: 100 delivered to the service worker, 101 could not be decrypted, 102 not delivered. */
  | {
      readonly type: 'ack'
      readonly uaid: string
      readonly channelId: string
      readonly version: string
      readonly code: number
      readonly at: number
    }
  /** `code`: 301 the worker threw, 302 its promise rejected, 303 an internal error. */
  | {
      readonly type: 'nack'
      readonly uaid: string
      readonly version: string
      readonly code: number
      readonly at: number
    }
  /** The browser's socket is gone; `code` is the code this service closed it with, or undefined when the other side did. */
  | {
      readonly type: 'disconnect'
      readonly uaid: string
      readonly code: number | undefined
      readonly at: number
    }

/** The event of one type. */
export type EventOfType<T extends PushServiceEvent['type']> = Extract<PushServiceEvent, { type: T }>
