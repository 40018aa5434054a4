/** Why a callee's devices stop ringing. */
export type StopReason = 'accepted' | 'declined' | 'cancelled' | 'missed' | 'busy'

/**
 * What the world must hear, as values. One effect becomes one event: `ring` becomes
 * `IncomingCallPushMessage`, `stop` and `hang-up` become `CallEnded`.
 *
 * Over the whole life of a call there is one `ring`, one `stop` for every callee, and at most one
 * `hang-up`. Write the effects in the same compare-and-set as the call, or a crash loses them.
 */
export type Effect =
  /** Every device of these people rings, until `expiresAtMs` at the latest. */
  | { readonly type: 'ring'; readonly calleeIds: readonly string[]; readonly expiresAtMs: number }
  /**
   * The devices of exactly these people stop ringing. `declined` and `busy` name one person, and
   * the others may be ringing still: whether the call is over is in the call's own state.
   */
  | {
      readonly type: 'stop'
      readonly reason: StopReason
      /** Who caused it: the one who answered, declined, was busy or cancelled; null for a timeout. */
      readonly userId: string | null
      readonly calleeIds: readonly string[]
      /** The device that answered: it must not be told that somebody answered. */
      readonly exceptDeviceId: string | null
      readonly atMs: number
    }
  /** An answered call is over: `CallEnded` with reason `ended`. No device was ringing. */
  | { readonly type: 'hang-up'; readonly userId: string; readonly atMs: number }
