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
  SyncResult,
  TestOutcome,
} from './enable-result.ts'
export type { Failure, FailureCode } from './failure.ts'
export { createBelfry, type BelfryOptions } from './create-belfry.ts'
export { detectBrowser, type BrowserTraits } from './detect-browser.ts'
export {
  browserEnvironment,
  type BrowserEnvironment,
  type WorkerContainer,
  type WorkerHandle,
} from './browser-environment.ts'
export type { PendingAction } from '@belfry/service-worker/record'
