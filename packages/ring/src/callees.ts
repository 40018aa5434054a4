import type { Call, Callee, CalleeState } from './call.ts'

export function findCallee(call: Call, userId: string): Callee | undefined {
  return call.callees.find((callee) => callee.id === userId)
}

/** The ids of those whose devices ring now. */
export function ringingIds(call: Call): readonly string[] {
  return call.callees.filter((callee) => callee.state === 'ringing').map((callee) => callee.id)
}

/** The callees once everybody who still rang went to that state; the others keep theirs. */
export function allStopRinging(
  callees: readonly Callee[],
  state: Exclude<CalleeState, 'ringing' | 'accepted'>,
): readonly Callee[] {
  return callees.map((callee) => (callee.state === 'ringing' ? { ...callee, state } : callee))
}
