import type { Call } from '../call.ts'
import type { InputOf } from '../call-input.ts'
import { allStopRinging, ringingIds } from '../callees.ts'
import type { Step } from '../outcome.ts'
import { moved, unchanged } from '../verdict.ts'

/**
 * The ring timer fired. Every process may fire it, early, late or again: only the first at or
 * after the expiry of a call that still rings does anything. The call is dated by its expiry, not
 * by the timer, which after an outage may come hours later.
 */
export function onTimeout(call: Call, input: InputOf<'timeout'>): Step {
  if (call.state !== 'ringing' || input.atMs < call.ringExpiresAtMs) return unchanged(call)

  const atMs = call.ringExpiresAtMs
  return moved(
    call,
    { state: 'missed', callees: allStopRinging(call.callees, 'missed'), endedAtMs: atMs },
    {
      type: 'stop',
      reason: 'missed',
      userId: null,
      calleeIds: ringingIds(call),
      exceptDeviceId: null,
      atMs,
    },
  )
}
