import type { PushServiceEvent } from './push-service-event.ts'
import type { EventLog } from './event-log.ts'
import type { Recipient } from './recipient.ts'
import type { AnswerScope, ScriptedAnswer } from './scripted-answers.ts'

/** How a push service is started. Everything has a default that suits a test. */
export interface PushServiceOptions {
  /** Port for senders. 0, the default, takes a free one. */
  readonly port?: number
  /** Address to listen on, 127.0.0.1 by default. */
  readonly host?: string
  /**
   * PEM texts. When given, senders are served over HTTPS on `port`, and browsers over a plain
   * WebSocket on `webSocketPort`, since a stock Firefox would not trust a test's certificate.
   */
  readonly tls?: { readonly cert: string; readonly key: string }
  /** Port of the browsers' WebSocket when `tls` is given; 0, the default, takes a free one. Without `tls` both share `port`. */
  readonly webSocketPort?: number
  /** Origin that endpoints carry and VAPID tokens must name, when it is not the listening address. */
  readonly publicUrl?: string
  /** Milliseconds since the epoch; `Date.now` by default. Message lifetimes and VAPID expiry are read off it. */
  readonly clock?: () => number
  /** Source of ids and keys; `crypto.randomBytes` by default. */
  readonly randomBytes?: (size: number) => Buffer
  /** Called for every event, in order, before any `waitFor` resolves. */
  readonly onEvent?: (event: PushServiceEvent) => void
  /** How many events `events.all` remembers, 10,000 by default. */
  readonly historyLimit?: number
  /** Two `{}` pings closer than this close the socket with 1011, as Mozilla's service does; 45,000 ms by default. */
  readonly minPingIntervalMs?: number
}

/** A running push service. It forgets everything at `close()`. */
export interface PushService {
  /** For Firefox's `dom.push.serverURL`. */
  readonly webSocketUrl: string
  /** Origin of every endpoint, without trailing slash: a VAPID token's `aud`. */
  readonly endpointOrigin: string
  /** `host:port` that senders connect to: an entry for Belfry's `PUSH_ALLOWED_HOSTS`. */
  readonly endpointHost: string
  readonly events: EventLog
  /**
   * The next `times` (default 1) pushes, to one endpoint or to any, get this answer instead of an
   * honest one. Answers queue up. Returns a function that takes back what is left of it.
   */
  answerNext(answer: ScriptedAnswer, scope?: AnswerScope): () => void
  /** `answerNext` for a plain status: `failWith(429, { retryAfter: 30 })`. `retryAfter` is sent as it is. */
  failWith(
    status: number,
    options?: AnswerScope & { readonly retryAfter?: string | number },
  ): () => void
  /** A subscription whose recipient lives in this process, for tests without a browser. */
  subscribe(options?: { readonly vapidPublicKey?: string }): Recipient
  /** Forgets a browser with all its subscriptions: 410 for senders, a new uaid at its next hello. False when unknown. */
  forget(uaid: string): boolean
  /** Makes one subscription gone (410), as if the page had unsubscribed. False when unknown. */
  expire(endpoint: string): boolean
  /** Cuts the sockets of one browser, or of all; 4774 tells Firefox to stay away until its next register. Default 1001. */
  disconnect(options?: { readonly uaid?: string; readonly code?: number }): void
  /** Closes every socket and listener. Pending `waitFor` calls reject with PUSH_SERVICE_CLOSED. */
  close(): Promise<void>
}
