import type { Gone, Rejected, Retry } from '../send/outcome.ts'

/**
 * What Apple or Google made of a push that Expo had accepted.
 *
 * - `ok`: handed to them. That is not *shown*.
 * - `notReady`: Expo does not say yet; ask again at 30 min, 2 h, 8 h. After 24 h it never will.
 * - `gone`, `retry`, `rejected`: as for a send, and about that push: it was not delivered.
 *   `token_rate_limited` there means: wait before the next push to that token.
 * - `notAsked`: the request for receipts failed, which says nothing about the push. Ask again.
 */
export type Receipt =
  | { readonly kind: 'ok' }
  | { readonly kind: 'notReady' }
  | { readonly kind: 'notAsked'; readonly failure: Retry | Rejected }
  | Gone
  | Retry
  | Rejected
