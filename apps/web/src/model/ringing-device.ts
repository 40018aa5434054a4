import type { BelfryBrowser, EnableOptions, EnableResult, SyncResult } from '@belfry/browser'
import type { PushSubscription } from '@belfry/contracts'

type Failed<Result extends { readonly kind: string }> = Extract<Result, { kind: 'failed' }>

/** The device that this page runs on and that rings: a browser, by the SDK, or a phone's app. */
export interface RingingDevice extends Omit<BelfryBrowser, 'enable' | 'sync'> {
  /** See `BelfryBrowser.enable`. A phone that has to ask the person first answers `failed` meanwhile. */
  enable(
    options?: EnableOptions,
  ): Promise<{ readonly kind: 'enabled'; readonly device: PushSubscription } | Failed<EnableResult>>
  /** See `BelfryBrowser.sync`. */
  sync(): Promise<
    | { readonly kind: 'off' | 'not_allowed' | 'signed_out' }
    | { readonly kind: 'in_sync' | 'repaired'; readonly device: PushSubscription }
    | Failed<SyncResult>
  >
}
