export { createSender } from './send/create-sender.ts'
export type { SenderOptions } from './send/create-sender.ts'
export type {
  Sender,
  SendOptions,
  PushMessage,
  PushTarget,
  StoredMessage,
  Urgency,
} from './send/sender.ts'
export type {
  Outcome,
  Accepted,
  Gone,
  Retry,
  RetryReason,
  Rejected,
  RejectedReason,
} from './send/outcome.ts'
export type {
  Transport,
  TransportRequest,
  TransportResult,
  TransportResponse,
  TransportFailure,
  TransportFailureReason,
} from './send/transport.ts'

export { parseSubscription } from './subscription/parse-subscription.ts'
export { createAllowedHosts } from './subscription/allowed-hosts.ts'
export type { AllowedHosts, HostStanding } from './subscription/allowed-hosts.ts'
export type {
  ParsedSubscription,
  SubscriptionErrorCode,
  EndpointErrorCode,
  SubscriptionResult,
} from './subscription/parsed-subscription.ts'

export { generateVapidKeys } from './vapid/generate-vapid-keys.ts'
export { importVapidKeys } from './vapid/import-vapid-keys.ts'
export type { ImportedVapidKeys } from './vapid/import-vapid-keys.ts'
export { vapidKeyId } from './vapid/vapid-key-id.ts'
export { checkSubject } from './vapid/check-subject.ts'
export type { SubjectCheck } from './vapid/check-subject.ts'
export type { VapidKeys } from './vapid/vapid-keys.ts'

export { parsePushResolve } from './egress/parse-push-resolve.ts'
export type { PushResolve, PinnedAddress } from './egress/parse-push-resolve.ts'
export type { EgressOptions } from './egress/create-guarded-connect.ts'
export type { Resolver, ResolvedAddress } from './egress/resolver.ts'

export { encrypt } from './encryption/encrypt.ts'
export { createEncryptor } from './encryption/create-encryptor.ts'
export type { Encrypt, EncryptInput, EncryptorOptions } from './encryption/create-encryptor.ts'

export { WebPushError } from './web-push-error.ts'
export type { WebPushErrorCode } from './web-push-error.ts'
