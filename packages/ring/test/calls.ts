import { type Call, type CallInput, type Effect, startCall, step } from '../src/index.ts'

export const startedAtMs = 1_795_300_000_000
export const ringTimeoutMs = 30_000
export const expiresAtMs = startedAtMs + ringTimeoutMs

/** The start of a call by ana. */
export function anaCalls(...calleeIds: readonly string[]): {
  call: Call
  effects: readonly Effect[]
} {
  const started = startCall({
    sessionId: 'S',
    callerId: 'ana',
    calleeIds,
    media: 'video',
    conversationId: 'C',
    atMs: startedAtMs,
    ringTimeoutMs,
  })
  if (started.kind === 'refused') throw new Error(`ana calls nobody: ${started.code}`)
  return { call: frozen(started.call), effects: started.effects }
}

/** Freezes a call to its last callee, so that a step that writes to what it was given throws. */
export function frozen(call: Call): Call {
  for (const callee of call.callees) Object.freeze(callee)
  Object.freeze(call.callees)
  return Object.freeze(call)
}

/** All inputs one after the other; the refused ones leave the call as it was. */
export function play(start: Call, inputs: readonly CallInput[]): { call: Call; effects: Effect[] } {
  let call = start
  const effects: Effect[] = []
  for (const input of inputs) {
    const outcome = step(call, input)
    if (outcome.kind === 'refused') continue
    call = frozen(outcome.call)
    effects.push(...outcome.effects)
  }
  return { call, effects }
}
