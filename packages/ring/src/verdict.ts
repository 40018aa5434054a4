import { type Call, stateAt } from './call.ts'
import type { CallInput } from './call-input.ts'
import { findCallee } from './callees.ts'
import type { Effect } from './effect.ts'
import type { Refusal, Step } from './outcome.ts'

/** The call moved on: a new object with the next revision, and what the world must hear. */
export function moved(call: Call, change: Partial<Call>, effect: Effect): Step {
  const next = { ...call, ...change, revision: call.revision + 1 }
  return { kind: 'step', call: next, effects: [effect] }
}

/** The input asks for what already is: taken, nothing changes, nobody hears of it again. */
export function unchanged(call: Call): Step {
  return { kind: 'step', call, effects: [] }
}

/** The input is refused; the answer carries the states that the asker should show. */
export function refused(call: Call, input: CallInput, code: Refusal['code']): Refusal {
  const callee = input.type === 'timeout' ? undefined : findCallee(call, input.userId)
  const state = stateAt(call, input.atMs)
  return { kind: 'refused', code, state, calleeState: callee?.state ?? null }
}

/** The code for somebody who is no callee and tried what only callees may. */
export function notCallee(call: Call, userId: string): 'NOT_A_CALLEE' | 'NOT_A_PARTICIPANT' {
  return userId === call.callerId ? 'NOT_A_CALLEE' : 'NOT_A_PARTICIPANT'
}
