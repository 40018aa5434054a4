export { startExpoService } from './start-expo-service.ts'
export { expoServiceCommand } from './cli.ts'
export {
  ExpoServiceClosedError,
  InvalidOptionError,
  UnknownTokenError,
  WaitTimeoutError,
} from './errors.ts'
export { deliveryErrors } from './delivery-errors.ts'
export { requestErrors } from './request-errors.ts'
export type { ExpoService, ExpoServiceOptions } from './expo-service.ts'
export type { AcceptedPush, Endpoint, EventOfType, ExpoServiceEvent } from './expo-service-event.ts'
export type { EventLog } from './event-log.ts'
export type { CriticalSound, ExpoMessage, MessageForm } from './expo-message.ts'
export type { InstallOptions, UninstallOptions } from './installs.ts'
export type { Platform } from './platform.ts'
export type { Phone, ShownNotification } from './phone.ts'
export type {
  AnswerScope,
  NotificationAnswer,
  RequestAnswer,
  ScriptedAnswer,
} from './scripted-answers.ts'
export type { DeliveryErrorCode, ErrorPlace } from './delivery-errors.ts'
export type { RequestErrorCode } from './request-errors.ts'
export type { ExpoServiceCommandOptions } from './cli.ts'
