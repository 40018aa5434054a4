/**
 * What became of one push, as data. Expo's answer decides; the tables are in `message-error.ts`
 * and `request-verdict.ts`. A caller switches on `kind`:
 *
 * - `accepted`: Expo took it. That is not *handed to Apple or Google* (ask for the receipt), and
 *   that is not *shown*: only the device's own receipt proves that.
 * - `gone`: the token is dead for good. Forget it.
 * - `retry`: nothing is wrong with the message; try again later, while it is still worth it.
 * - `rejected`: the same request will fail again. Somebody has to act; `hint` says how.
 */
export type Outcome = Accepted | Gone | Retry | Rejected

/** What any outcome may say beside. */
interface Learnt {
  /**
   * Expo said that the token belongs to this project (its name with Expo, like `@owner/slug`).
   * Keep it with the token and give it as `projectId` from now on.
   */
  readonly learntProjectId?: string
}

/** Expo answered with a ticket. */
export interface Accepted extends Learnt {
  readonly kind: 'accepted'
  readonly status: number
  /** What to ask the receipt for, from 15 minutes to 24 hours later. Null when Expo gave none. */
  readonly ticketId: string | null
}

/** `DeviceNotRegistered`: the app was removed, or its owner took the permission away. */
export interface Gone extends Learnt {
  readonly kind: 'gone'
  readonly status: number
  readonly reason: 'device_not_registered'
}

/** Why a push may be tried again. */
export type RetryReason =
  /** 429 `TOO_MANY_REQUESTS`: the whole sender pauses. */
  | 'rate_limited'
  /** `MessageRateExceeded`: too much for this one device. Wait, doubling, up to an hour. */
  | 'token_rate_limited'
  | 'server_error'
  /** `ExpoError`: trouble inside Expo, for this one message. */
  | 'expo_error'
  /** `ProviderError`: trouble at Apple or Google. */
  | 'provider_error'
  /** The answer had fewer tickets than the request had messages. */
  | 'ticket_missing'
  /** A 2xx without readable tickets: a proxy's page, or an answer above 1 MiB. */
  | 'answer_unreadable'
  | 'redirected'
  | 'timeout'
  | 'dns_failed'
  | 'connect_failed'
  | 'tls_failed'
  | 'connection_lost'
  | 'aborted'

export interface Retry extends Learnt {
  readonly kind: 'retry'
  readonly reason: RetryReason
  /** Absent when no answer came. */
  readonly status?: number
  /** A floor, at most 24 h: `Retry-After`, what is left of the sender's pause, or a minute for one token. Absent means back off as you see fit. */
  readonly retryAfterMs?: number
  /**
   * True when the request may have left this machine and no usable answer came, so the push may
   * be delivered all the same. A device absorbs the double by the id in `data`, `tag` or `collapseId`.
   */
  readonly ambiguous: boolean
}

/** Why the same request would fail again. */
export type RejectedReason =
  /** `MismatchSenderId`: the project's FCM key is of another Firebase project. Concerns its Android devices. */
  | 'mismatched_sender'
  /** `InvalidCredentials`, `InvalidProviderToken`: the project's FCM or APNs key is missing, wrong or revoked. */
  | 'invalid_credentials'
  /** `UNAUTHORIZED`, 401, 403: the access token is missing or wrong. Concerns every push of the project. */
  | 'unauthorized'
  /** Build a smaller message and send that, once. */
  | 'payload_too_large'
  /** `DeveloperError`: something is wrong in the app's set-up with Expo. */
  | 'developer_error'
  /** Expo refused this one message; those beside it were delivered. */
  | 'bad_request'
  /** The address answers, but is not Expo's API. */
  | 'not_expo'
  /** An error that this version has never heard of; its name is in `hint`. */
  | 'unknown_error'
  /** Refused here, before the wire: `to` is not an Expo push token. */
  | 'token_invalid'

export interface Rejected extends Learnt {
  readonly kind: 'rejected'
  readonly reason: RejectedReason
  /** Absent when we refused it ourselves. */
  readonly status?: number
  /** One plain sentence: what to do about it. */
  readonly hint: string
}
