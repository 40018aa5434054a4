import { type Call, type Callee, stateAt } from '../call.ts'
import type { InputOf } from '../call-input.ts'
import { findCallee } from '../callees.ts'
import type { Refusal, Step } from '../outcome.ts'
import { moved, notCallee, refused, unchanged } from '../verdict.ts'

/**
 * One callee drops out, by choice or because of another call; the others go on ringing. From a
 * person who already accepted, declined or was busy it means nothing any more: a phone in the
 * pocket must not end the call that was answered on the laptop.
 */
export function onDeclineOrBusy(call: Call, input: InputOf<'decline' | 'busy'>): Step | Refusal {
  const { userId } = input
  const state: 'declined' | 'busy' = input.type === 'decline' ? 'declined' : 'busy'
  const callee = findCallee(call, userId)
  if (callee === undefined) return refused(call, input, notCallee(call, userId))

  if (callee.state === 'accepted' || callee.state === 'declined' || callee.state === 'busy') {
    return unchanged(call)
  }
  if (stateAt(call, input.atMs) !== 'ringing') return refused(call, input, 'WRONG_STATE')

  const atMs = Math.max(input.atMs, call.startedAtMs)
  const callees = call.callees.map((each) => (each.id === userId ? { ...each, state } : each))
  const over = callees.every((each) => each.state !== 'ringing')
  return moved(
    call,
    over ? { callees, state: nobodyLeft(callees), endedAtMs: atMs, endedBy: userId } : { callees },
    { type: 'stop', reason: state, userId, calleeIds: [userId], exceptDeviceId: null, atMs },
  )
}

/** One "no" is an answer; only when every line was engaged is the call itself busy. */
function nobodyLeft(callees: readonly Callee[]): 'declined' | 'busy' {
  return callees.every((callee) => callee.state === 'busy') ? 'busy' : 'declined'
}
