import type { ErrorPlace } from './delivery-errors.ts'
import type { EventLog } from './event-log.ts'
import type { AcceptedPush, ExpoServiceEvent } from './expo-service-event.ts'
import type { InstallOptions, UninstallOptions } from './installs.ts'
import type { Phone } from './phone.ts'
import type { AnswerScope, ScriptedAnswer } from './scripted-answers.ts'

/** How an Expo push service is started. Everything has a default that suits a test. */
export interface ExpoServiceOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number
  /** Address to listen on, 127.0.0.1 by default. */
  readonly host?: string
  /** How long after acceptance a receipt is ready, 0 by default. */
  readonly receiptDelayMs?: number
  /** The access token that every request must bear. Without it none is needed and none is looked at. */
  readonly requireAccessToken?: string
  /** Where unknown and uninstalled tokens are told DeviceNotRegistered; in the ticket by default. */
  readonly deviceNotRegisteredIn?: ErrorPlace
  /** Accept pushes to tokens that were never installed; false by default. */
  readonly acceptUnknownTokens?: boolean
  /** Expo's 600 by default, for each project. Beyond it a request is answered 429. */
  readonly notificationsPerSecond?: number
  /** 240 a minute by default, FCM's limit for one device. Beyond it receipts say MessageRateExceeded. */
  readonly notificationsPerTokenPerMinute?: number
  /** Milliseconds since the epoch; `Date.now` by default. Receipts and rates are read off it. */
  readonly now?: () => number
  /** Source of ids and tokens; `crypto.randomBytes` by default. */
  readonly randomBytes?: (size: number) => Buffer
  /** Called for every event, in order, before any `waitFor` resolves. */
  readonly onEvent?: (event: ExpoServiceEvent) => void
  /** How many events `events.all` remembers, 10,000 by default. */
  readonly historyLimit?: number
}

/** A running Expo push service. It forgets everything at `close()`. */
export interface ExpoService {
  /** For `EXPO_PUSH_URL`: the base that `/send` and `/getReceipts` are appended to. No trailing slash. */
  readonly url: string
  readonly events: EventLog
  /** The accepted notifications still remembered, oldest first. */
  readonly pushes: readonly AcceptedPush[]
  /** Calls back for every accepted notification from now on. Returns how to stop. */
  onPush(listener: (push: AcceptedPush) => void): () => void
  /** Puts the app on a phone and returns its token. Throws INVALID_OPTION for a token of no Expo shape. */
  install(options?: InstallOptions): string
  /** Takes the app off: DeviceNotRegistered from now on. False when unknown. */
  uninstall(token: string, options?: UninstallOptions): boolean
  /** The phone that a token leads to, also after `uninstall`. Throws UNKNOWN_TOKEN when it was never installed. */
  phone(token: string): Phone
  /**
   * The next `times` (default 1) notifications or requests get this answer instead of the honest
   * one. Answers queue up. Returns a function that takes back what is left of it.
   */
  answerNext(answer: ScriptedAnswer, scope?: AnswerScope): () => void
  /** `answerNext` for a plain status: `failWith(429, { retryAfter: 30 })`. `retryAfter` is sent as it is. */
  failWith(
    status: number,
    options?: AnswerScope & { readonly retryAfter?: string | number },
  ): () => void
  /** Closes every connection. Pending `waitFor` calls reject with EXPO_SERVICE_CLOSED. */
  close(): Promise<void>
}
