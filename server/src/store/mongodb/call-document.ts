import * as z from 'zod'
import type { StoredCall } from '../../calls/stored-call.ts'
import { callSchema } from '../call-schema.ts'
import { keyOf } from './key-of.ts'
import { pendingFields, type Pending } from './pending-events.ts'
import { read } from './unexpected-document-error.ts'

/**
 * The calls of one open key take turns: 1, 2, 3… The key and the turn are the `_id`. The next turn may only be
 * taken by who has seen that the last call rings no more, which stays so: hence no two of one key ever ring, and
 * nothing has to be freed.
 */
const callDocument = z.object({
  _id: z.string(),
  /** Of the open key, which may name hundreds of people. */
  openHash: z.string(),
  turn: z.number(),
  sessionId: z.string(),
  call: callSchema,
  callerName: z.string(),
  openKey: z.string(),
  state: z.string(),
  revision: z.number(),
  startedAtMs: z.number(),
  ringExpiresAtMs: z.number(),
  participants: z.array(z.string()),
  ...pendingFields,
  by: z.string(),
})
export type CallDocument = z.infer<typeof callDocument>

export const openHashOf = ({ openKey }: StoredCall): string => keyOf('open', openKey)

export function toCallDocument(
  stored: StoredCall,
  written: Pending & { turn: number; by: string },
): CallDocument {
  const openHash = openHashOf(stored)
  const { sessionId, startedAtMs, callerId, callees } = stored.call
  return {
    _id: `${openHash}:${written.turn}`,
    openHash,
    sessionId,
    openKey: stored.openKey,
    startedAtMs,
    participants: [...new Set([callerId, ...callees.map((callee) => callee.id)])],
    ...changingFields(stored),
    ...written,
  }
}

/** What a step of the call changes. */
export function changingFields({ call, callerName }: StoredCall) {
  const { state, revision, ringExpiresAtMs } = call
  return { call, callerName, state, revision, ringExpiresAtMs }
}

export function toStoredCall(document: unknown): StoredCall {
  const { call, callerName, openKey } = read('calls', callDocument, document)
  return { call, callerName, openKey }
}
