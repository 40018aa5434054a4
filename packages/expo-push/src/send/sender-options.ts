import type { SetTimer } from '../set-timer.ts'

export interface ExpoSenderOptions {
  /** `/send` and `/getReceipts` are appended to it. Default Expo's `https://exp.host/--/api/v2/push`. */
  readonly baseUrl?: string
  /** Needed when the project has *enhanced security for push notifications* on. */
  readonly accessToken?: string
  /** Node's own `fetch`, or one like it. */
  readonly fetch: typeof globalThis.fetch
  /** Milliseconds since 1970; must never go back. */
  readonly now: () => number
  /** From 0 to below 1: spreads pauses and second attempts. */
  readonly random: () => number
  /** Default Node's timers. */
  readonly setTimer?: SetTimer
  /**
   * Notifications in any second, of all projects together; a tenth of them is kept for rings.
   * Default 500: Expo refuses more than 600 of one project. Divide it when several processes send.
   */
  readonly maxPerSecond?: number
  /** Requests under way, receipts included; one is kept for rings. Default 6, as Expo's own SDK. */
  readonly maxParallel?: number
  /** How long a patient push waits for company. Default 50. */
  readonly gatherMs?: number
  /** Ids in one request for receipts. Default 300, as Expo's own SDK: a full answer stays well below 1 MiB. At most 1,000. */
  readonly receiptsPerRequest?: number
}
