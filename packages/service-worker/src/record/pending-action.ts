import { isObject, text, number } from './fields.ts'
import type { RecordStore } from './record-store.ts'

/** What a person chose on a ring's notification. It travels here, never in an address. */
export interface PendingAction {
  readonly sessionId: string
  readonly callerUid: string
  readonly action: 'answer' | 'open'
}

/** The longest ring is 120 s: an older choice answers nothing any more. */
const staleAfterMs = 120_000

export function keepPendingAction(
  store: RecordStore,
  action: PendingAction,
  nowMs: number,
): Promise<void> {
  return store.change('pending-action', () => ({ ...action, atMs: nowMs }))
}

/** A page has taken it over by message: none must find it later. */
export function forgetPendingAction(store: RecordStore): Promise<void> {
  return store.change('pending-action', () => undefined)
}

/** Hands the choice out once, to one page. Null when there is none, or it is over two minutes old. */
export async function takePendingAction(
  store: RecordStore,
  nowMs: number,
): Promise<PendingAction | null> {
  let kept: unknown
  await store.change('pending-action', (current) => {
    kept = current
    return undefined
  })
  if (!isObject(kept)) return null
  const sessionId = text(kept.sessionId)
  const atMs = number(kept.atMs)
  if (sessionId === undefined || atMs === undefined || nowMs - atMs > staleAfterMs) return null
  const action = kept.action === 'answer' ? 'answer' : 'open'
  return { sessionId, callerUid: text(kept.callerUid) ?? '', action }
}
