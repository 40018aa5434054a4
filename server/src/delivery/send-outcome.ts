import type {
  Accepted as ExpoAccepted,
  Gone as ExpoGone,
  Rejected as ExpoRejected,
  Retry as ExpoRetry,
} from '@belfry/expo-push'
import type { Accepted, Gone, Rejected, Retry } from '@belfry/web-push'

/** What any channel answers. Both senders speak of the same four kinds, each with reasons of its own. */
export type SendOutcome = SendAccepted | SendGone | SendRetry | SendRejected

export type SendAccepted = Accepted | ExpoAccepted
export type SendGone = Gone | ExpoGone
export type SendRetry = Retry | ExpoRetry
export type SendRejected = Rejected | ExpoRejected
