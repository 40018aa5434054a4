import { type Call, type Callee, stateAt } from '../call.ts'
import type { InputOf } from '../call-input.ts'
import { allStopRinging, findCallee, ringingIds } from '../callees.ts'
import type { Refusal, Step } from '../outcome.ts'
import { moved, notCallee, refused, unchanged } from '../verdict.ts'

/**
 * The first accept wins and ends the ring for everybody: for this person's other devices and for
 * the other callees. The same device asking again is told yes again, and nothing more happens.
 */
export function onAccept(call: Call, input: InputOf<'accept'>): Step | Refusal {
  const { userId, deviceId } = input
  const callee = findCallee(call, userId)
  if (callee === undefined) return refused(call, input, notCallee(call, userId))

  if (call.state === 'accepted' && callee.state === 'accepted') {
    if (callee.deviceId === deviceId) return unchanged(call)
    return refused(call, input, 'ANSWERED_ON_ANOTHER_DEVICE')
  }
  // A callee who declined may not come back while the others ring: their devices were told to stop.
  if (stateAt(call, input.atMs) !== 'ringing' || callee.state !== 'ringing') {
    return refused(call, input, 'WRONG_STATE')
  }

  const acceptedAtMs = Math.max(input.atMs, call.startedAtMs)
  const withAnswer = call.callees.map((each): Callee =>
    each.id === userId ? { ...each, state: 'accepted', deviceId } : each,
  )
  const callees = allStopRinging(withAnswer, 'cancelled')
  return moved(
    call,
    { state: 'accepted', callees, acceptedAtMs },
    {
      type: 'stop',
      reason: 'accepted',
      userId,
      calleeIds: ringingIds(call),
      exceptDeviceId: deviceId,
      atMs: acceptedAtMs,
    },
  )
}
