export type {
  BelfryBrowser,
  EnableOptions,
  TestOptions,
  WorkerMessageHandler,
} from './belfry-browser.ts'
export type { Capability, CapabilityState } from './capability.ts'
export type { BrowserDescription } from './detect-browser.ts'
export type {
  EnableProgress,
  EnableResult,
  EnableStep,
  Failure,
  FailureCode,
  SyncResult,
  TestOutcome,
} from './enable-result.ts'
export type { PendingAction } from '@belfry/service-worker/record'
