import type { Call } from '../call.ts'
import type { InputOf } from '../call-input.ts'
import { findCallee } from '../callees.ts'
import type { Refusal, Step } from '../outcome.ts'
import { moved, refused, unchanged } from '../verdict.ts'

/**
 * Either of the two who talk hangs up; when both do at once, the second is told yes as well.
 * A ringing call cannot be ended: the caller cancels it, a callee declines it.
 */
export function onEnd(call: Call, input: InputOf<'end'>): Step | Refusal {
  const { userId } = input
  const callee = findCallee(call, userId)
  if (callee === undefined && userId !== call.callerId) {
    return refused(call, input, 'NOT_A_PARTICIPANT')
  }
  if (call.state !== 'accepted' && call.state !== 'ended') {
    return refused(call, input, 'WRONG_STATE')
  }
  if (callee !== undefined && callee.state !== 'accepted') {
    return refused(call, input, 'NOT_IN_THE_CALL')
  }
  if (call.state === 'ended') return unchanged(call)

  const endedAtMs = Math.max(input.atMs, call.acceptedAtMs ?? call.startedAtMs)
  return moved(
    call,
    { state: 'ended', endedAtMs, endedBy: userId },
    { type: 'hang-up', userId, atMs: endedAtMs },
  )
}
