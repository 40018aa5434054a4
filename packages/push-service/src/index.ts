export { startPushService } from './start-push-service.ts'
export { pushServiceCommand, pushServiceHelp } from './cli.ts'
export { answers } from './answers.ts'
export {
  DecryptError,
  InvalidOptionError,
  PushServiceClosedError,
  WaitTimeoutError,
} from './errors.ts'
export type { PushService, PushServiceOptions } from './push-service.ts'
export type {
  AcceptedPush,
  EventOfType,
  PushServiceEvent,
  SenderRequest,
} from './push-service-event.ts'
export type { EventLog } from './event-log.ts'
export type { ReceivedPush, Recipient } from './recipient.ts'
export type { AnswerScope, ScriptedAnswer } from './scripted-answers.ts'
export type { Answer, AnswerName } from './answers.ts'
export type { PushServiceCommandOptions } from './cli.ts'
