import type { RegisteredSubscription, TestResults } from '@belfry/contracts'
import type { Failure } from './failure.ts'

/** The steps of turning notifications on, in their order. */
export type EnableStep = 'permission' | 'worker' | 'subscription' | 'saved'

export interface EnableProgress {
  readonly step: EnableStep
  readonly outcome: 'started' | 'done' | 'failed'
}

export type EnableResult =
  | { readonly kind: 'enabled'; readonly device: RegisteredSubscription }
  | ({ readonly kind: 'failed'; readonly step: EnableStep } & Failure)

/**
 * What a start found and did:
 *
 *   off          not turned on here: nothing done
 *   not_allowed  turned on here once, but the permission was taken away
 *   signed_out   nobody is signed in: only the clock was compared
 *   in_sync      browser and server agree
 *   repaired     they did not, and do now, without a prompt
 *   failed       they do not; tried again at the next start
 */
export type SyncResult =
  | { readonly kind: 'off' | 'not_allowed' | 'signed_out' }
  | { readonly kind: 'in_sync' | 'repaired'; readonly device: RegisteredSubscription }
  | ({ readonly kind: 'failed' } & Failure)

export type TestOutcome =
  | { readonly kind: 'sent'; readonly results: TestResults['results'] }
  | ({ readonly kind: 'failed' } & Failure)
