import type { Call } from './call.ts'
import type { NoCallees, Step } from './outcome.ts'

export type StartCallInput = {
  readonly sessionId: string
  readonly callerId: string
  /** Repeats and the caller are left out, so that a conversation's members can go in as they are. */
  readonly calleeIds: readonly string[]
  readonly media: 'audio' | 'video'
  readonly conversationId?: string | null
  /** Milliseconds since the epoch, the server's clock. */
  readonly atMs: number
  /** How long it may ring, in milliseconds. */
  readonly ringTimeoutMs: number
}

/**
 * A new call, ringing, and the one `ring` effect of its life.
 * Refused with `NO_CALLEES` when nobody but the caller is left to ring.
 */
export function startCall(input: StartCallInput): Step | NoCallees {
  const calleeIds = [...new Set(input.calleeIds)].filter((id) => id !== input.callerId)
  if (calleeIds.length === 0) return { kind: 'refused', code: 'NO_CALLEES' }
  const call: Call = {
    sessionId: input.sessionId,
    callerId: input.callerId,
    callees: calleeIds.map((id) => ({ id, state: 'ringing', deviceId: null })),
    media: input.media,
    conversationId: input.conversationId ?? null,
    state: 'ringing',
    startedAtMs: input.atMs,
    ringExpiresAtMs: input.atMs + input.ringTimeoutMs,
    acceptedAtMs: null,
    endedAtMs: null,
    endedBy: null,
    revision: 0,
  }
  return {
    kind: 'step',
    call,
    effects: [{ type: 'ring', calleeIds, expiresAtMs: call.ringExpiresAtMs }],
  }
}
