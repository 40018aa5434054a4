/**
 * The calls this page knows of, as data. Nothing here does I/O; `ring.ts` feeds it.
 *
 * News of one call arrives from four sides (realtime, HTTP, the service worker, our own answers)
 * and in any order. A call only moves forward: ringing → accepted → over. Of two reports about the
 * same stage the one with the later server time holds.
 */
import type { Call, CallState } from '@belfry/contracts'

export interface RingState {
  /** The server's clock minus ours, in milliseconds, as of the last call we were told of. */
  readonly clockOffsetMs: number
  readonly calls: ReadonlyMap<string, Call>
  /** Calls that were answered, or started, in this very page. */
  readonly here: ReadonlySet<string>
}

export type RingInput =
  /** A call as the server sees it. `atMs` is our clock at its arrival. */
  | { readonly type: 'call'; readonly call: Call; readonly atMs: number }
  /** This page answered, or started, the call. */
  | { readonly type: 'here'; readonly sessionId: string }

/** A call that rings for somebody, and how long it still may. */
export interface RingingCall {
  readonly call: Call
  readonly leftMs: number
  /** What is left of the ring window: 1 at its beginning, 0 at its end. */
  readonly share: number
}

export const emptyRingState: RingState = {
  clockOffsetMs: 0,
  calls: new Map(),
  here: new Set(),
}

/** How many calls that are over are kept for the pages that show them. */
const mostKept = 50

export function ringStep(state: RingState, input: RingInput): RingState {
  switch (input.type) {
    case 'here':
      if (state.here.has(input.sessionId)) return state
      return { ...state, here: new Set([...state.here, input.sessionId]) }
    case 'call':
      return withCall(state, input.call, input.atMs)
  }
}

function withCall(state: RingState, call: Call, atMs: number): RingState {
  const known = state.calls.get(call.sessionId)
  if (known !== undefined && !isNewer(call, known)) return state
  const calls = new Map(state.calls)
  calls.delete(call.sessionId)
  calls.set(call.sessionId, call)
  for (const [sessionId, old] of calls) {
    if (calls.size <= mostKept) break
    if (isOver(old.state)) calls.delete(sessionId)
  }
  return { ...state, calls, clockOffsetMs: Date.parse(call.serverTime) - atMs }
}

function isNewer(call: Call, known: Call): boolean {
  const stages = stage(call.state) - stage(known.state)
  if (stages !== 0) return stages > 0
  return Date.parse(call.serverTime) >= Date.parse(known.serverTime)
}

function stage(state: CallState): 0 | 1 | 2 {
  if (state === 'ringing') return 0
  return state === 'accepted' ? 1 : 2
}

/** Nothing changes such a call any more. */
export function isOver(state: CallState): boolean {
  return stage(state) === 2
}

/** What time it is for the server, in milliseconds since the epoch. */
export function serverNow(state: RingState, nowMs: number): number {
  return nowMs + state.clockOffsetMs
}

/** Milliseconds the call may still ring, by the server's clock; 0 when it no longer does. */
export function timeLeftMs(state: RingState, call: Call, nowMs: number): number {
  if (call.state !== 'ringing') return 0
  return Math.max(0, Date.parse(call.ringExpiresAt) - serverNow(state, nowMs))
}

/** The calls that ring for this person now, the oldest first. */
export function ringsFor(state: RingState, userId: string, nowMs: number): readonly RingingCall[] {
  const rings: RingingCall[] = []
  for (const call of state.calls.values()) {
    if (!isAsked(call, userId)) continue
    const leftMs = timeLeftMs(state, call, nowMs)
    if (leftMs > 0) rings.push({ call, leftMs, share: shareLeft(call, leftMs) })
  }
  return rings.sort((a, b) => Date.parse(a.call.startedAt) - Date.parse(b.call.startedAt))
}

/** 1 at the beginning of the ring window, 0 at its end. */
export function shareLeft(call: Call, leftMs: number): number {
  const wholeMs = Date.parse(call.ringExpiresAt) - Date.parse(call.startedAt)
  return wholeMs <= 0 ? 0 : Math.min(1, Math.max(0, leftMs / wholeMs))
}

/** Whether the call waits for this person's answer. */
export function isAsked(call: Call, userId: string): boolean {
  if (call.state !== 'ringing') return false
  return call.callees.some((callee) => callee.id === userId && callee.state === 'ringing')
}

/** The call this page is in, if any. */
export function talkingHere(state: RingState): Call | null {
  for (const sessionId of state.here) {
    const call = state.calls.get(sessionId)
    if (call?.state === 'accepted') return call
  }
  return null
}
