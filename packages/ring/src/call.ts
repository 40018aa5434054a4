/**
 * The life of a call, as data. `startCall` makes one, `step` moves it, nothing here does I/O.
 *
 * States of the call, what enters them and what leaves them:
 *
 *   ringing    entered by `startCall`. At least one callee is still ringing.
 *              Leaves by the first accept, by the last ringing callee's decline or busy, by the
 *              caller's cancel, by the timeout; all but the timeout only before `ringExpiresAtMs`.
 *   accepted   entered by the first accept: one callee, one device. Leaves by an end.
 *   ended      entered from accepted, by either of the two who talk. Final.
 *   declined   entered when nobody rings any more and at least one callee declined. Final.
 *   busy       entered when nobody rings any more and every callee was busy. Final.
 *   cancelled  entered from ringing, by the caller. Final.
 *   missed     entered from ringing, by a timeout at or after `ringExpiresAtMs`. Final.
 *
 * States of one callee. Each starts as ringing, leaves it once, and stays where it went:
 *
 *   accepted   answered first; `deviceId` says where
 *   declined   said no; the others go on ringing
 *   busy       was in another call; the others go on ringing
 *   cancelled  the ring was withdrawn: the caller hung up, or another callee answered first
 *   missed     the ring ran out
 *
 * A ringing call whose time is up waits for its timeout and for nothing else. An accept, decline,
 * busy or cancel at or after `ringExpiresAtMs` is refused, and the refusal says `missed`: that is
 * what the call is about to be, and the timeout alone tells the devices, once.
 */

export type CallState =
  | 'ringing'
  | 'accepted'
  | 'declined'
  | 'cancelled'
  | 'missed'
  | 'busy'
  | 'ended'

export type CalleeState = Exclude<CallState, 'ended'>

export type Callee = {
  readonly id: string
  readonly state: CalleeState
  /** The device that answered; null before, and when that device did not say who it is. */
  readonly deviceId: string | null
}

/** One call. Plain JSON: a store keeps it as it is. All times are milliseconds since the epoch. */
export type Call = {
  readonly sessionId: string
  readonly callerId: string
  /** At least one, each person once, never the caller. The order never changes. */
  readonly callees: readonly Callee[]
  readonly media: 'audio' | 'video'
  readonly conversationId: string | null
  readonly state: CallState
  readonly startedAtMs: number
  /** The first moment at which nothing may ring any more. */
  readonly ringExpiresAtMs: number
  readonly acceptedAtMs: number | null
  /** When the call became final; for a missed call the moment the ring ran out. */
  readonly endedAtMs: number | null
  /** Who made it final; null while it is not, and for a missed call. */
  readonly endedBy: string | null
  /**
   * Rises by one with every change. The store's compare-and-set MUST compare this and not the
   * state alone: two callees who decline at once both leave `ringing` behind.
   */
  readonly revision: number
}

/** Final states: no input changes such a call. */
export function isOver(state: CallState): boolean {
  return state !== 'ringing' && state !== 'accepted'
}

/** What the call is at that moment: `missed` as soon as the ring has run out, timer or no timer. */
export function stateAt(call: Call, nowMs: number): CallState {
  return call.state === 'ringing' && nowMs >= call.ringExpiresAtMs ? 'missed' : call.state
}

/**
 * Milliseconds the call may still ring; 0 once it is answered, over or expired. Never more than
 * the whole ring window, whatever the clock says, so that a TTL made from it stays in bounds.
 */
export function timeLeftMs(call: Call, nowMs: number): number {
  if (call.state !== 'ringing') return 0
  return Math.max(0, call.ringExpiresAtMs - Math.max(nowMs, call.startedAtMs))
}

/**
 * Who may be told "Missed call": the callees whose ring ran out, or whom the caller hung up on.
 * Not those who answered, declined or were busy, nor those whose call another callee took.
 */
export function missedBy(call: Call): readonly string[] {
  if (call.state !== 'missed' && call.state !== 'cancelled') return []
  return call.callees.filter((callee) => callee.state === call.state).map((callee) => callee.id)
}
