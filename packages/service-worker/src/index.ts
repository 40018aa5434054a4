export { install, type InstallOptions, type WorkerScope } from './install.ts'
export { onNotificationClick, type NotificationEventLike } from './on-notification-click.ts'
export { onNotificationClose } from './on-notification-close.ts'
export { onPush, type PushOutcome } from './on-push.ts'
export {
  finishRenewal,
  onSubscriptionChange,
  type SubscriptionChangeLike,
} from './on-subscription-change.ts'
export type { PushEventLike } from './read-push.ts'
export type {
  HttpAnswer,
  NotificationSettings,
  ShownNotification,
  WorkerEnvironment,
  WorkerRegistration,
  WorkerSubscription,
  WorkerWindow,
  WorkerWindows,
} from './worker-environment.ts'
