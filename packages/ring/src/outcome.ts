import type { Call, CalleeState, CallState } from './call.ts'
import type { Effect } from './effect.ts'

/**
 * The input was taken. When it changed nothing (a repeat, an early timer), `call` is the very
 * object that went in and `effects` is empty: there is nothing to write.
 */
export type Step = {
  readonly kind: 'step'
  readonly call: Call
  readonly effects: readonly Effect[]
}

/**
 * Why an input was refused. Who may is asked before whether it is possible.
 *
 * - `NO_CALLEES` a call to nobody but the caller (HTTP 422)
 * - `NOT_A_PARTICIPANT` neither the caller nor a callee (403, or 404 to hide that the call exists)
 * - `NOT_THE_CALLER` a callee's cancel (403)
 * - `NOT_A_CALLEE` the caller's own accept, decline or busy (403)
 * - `NOT_IN_THE_CALL` an end by a callee who is not the one who answered (403)
 * - `ANSWERED_ON_ANOTHER_DEVICE` this person already answered, on another device (409)
 * - `WRONG_STATE` not possible in this state (409)
 */
export type RefusalCode =
  | 'NO_CALLEES'
  | 'NOT_A_PARTICIPANT'
  | 'NOT_THE_CALLER'
  | 'NOT_A_CALLEE'
  | 'NOT_IN_THE_CALL'
  | 'ANSWERED_ON_ANOTHER_DEVICE'
  | 'WRONG_STATE'

/** The input was refused, and the call is as it was. */
export type Refusal = {
  readonly kind: 'refused'
  readonly code: Exclude<RefusalCode, 'NO_CALLEES'>
  /** The state to answer with: the call's at the input's time, see `stateAt`. */
  readonly state: CallState
  /** The state of the person who asked; null when that is not a callee. */
  readonly calleeState: CalleeState | null
}

/** There was no one to call, hence no call. */
export type NoCallees = { readonly kind: 'refused'; readonly code: 'NO_CALLEES' }
