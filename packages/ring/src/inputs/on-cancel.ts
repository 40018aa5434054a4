import { type Call, stateAt } from '../call.ts'
import type { InputOf } from '../call-input.ts'
import { allStopRinging, findCallee, ringingIds } from '../callees.ts'
import type { Refusal, Step } from '../outcome.ts'
import { moved, refused, unchanged } from '../verdict.ts'

/** The caller hangs up before anybody answered. Asked again, it is as cancelled as before. */
export function onCancel(call: Call, input: InputOf<'cancel'>): Step | Refusal {
  const { userId } = input
  if (userId !== call.callerId) {
    const called = findCallee(call, userId) !== undefined
    return refused(call, input, called ? 'NOT_THE_CALLER' : 'NOT_A_PARTICIPANT')
  }
  if (call.state === 'cancelled') return unchanged(call)
  if (stateAt(call, input.atMs) !== 'ringing') return refused(call, input, 'WRONG_STATE')

  const atMs = Math.max(input.atMs, call.startedAtMs)
  return moved(
    call,
    {
      state: 'cancelled',
      callees: allStopRinging(call.callees, 'cancelled'),
      endedAtMs: atMs,
      endedBy: userId,
    },
    {
      type: 'stop',
      reason: 'cancelled',
      userId,
      calleeIds: ringingIds(call),
      exceptDeviceId: null,
      atMs,
    },
  )
}
