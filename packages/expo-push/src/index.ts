export { createExpoSender } from './send/create-expo-sender.ts'
export type { ExpoSenderOptions } from './send/sender-options.ts'
export type { ExpoSender, ExpoPush, Pace, ReceiptsOptions } from './send/sender.ts'
export type { ExpoMessage } from './send/expo-message.ts'
export type {
  Outcome,
  Accepted,
  Gone,
  Retry,
  RetryReason,
  Rejected,
  RejectedReason,
} from './send/outcome.ts'
export type { Receipt } from './receipts/receipt.ts'
export type { SetTimer } from './set-timer.ts'

export { parseExpoToken } from './token/parse-expo-token.ts'
export type { ExpoTokenResult } from './token/parse-expo-token.ts'

export { ExpoPushError } from './expo-push-error.ts'
export type { ExpoPushErrorCode } from './expo-push-error.ts'
