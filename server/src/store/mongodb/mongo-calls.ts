import type { Collection, Db } from 'mongodb'
import type { StoredCall } from '../../calls/stored-call.ts'
import type { CallStore } from '../port.ts'
import type { Attempt, Turn } from './attempt.ts'
import {
  changingFields,
  openHashOf,
  toCallDocument,
  toStoredCall,
  type CallDocument,
} from './call-document.ts'
import { toPending, type Pending } from './pending-events.ts'
import { isDuplicate, LostRaceError } from './wire-errors.ts'

export function mongoCalls(db: Db, attempt: Attempt): CallStore {
  const calls = db.collection<CallDocument>('calls')
  return {
    insert(stored, events) {
      const pending = toPending(events)
      return attempt('store a call', ({ token }) =>
        insert(calls, stored, { ...pending, by: token }),
      )
    },

    byId: (sessionId) =>
      attempt('read a call', async () => {
        const found = await calls.findOne({ sessionId })
        return found === null ? null : toStoredCall(found)
      }),

    compareAndSet(next, events) {
      const pending = toPending(events)
      return attempt('change a call', (turn) => compareAndSet(calls, { next, pending }, turn))
    },

    due: (nowMs, limit) =>
      attempt('read calls', async () => {
        const due = calls.find({ state: 'ringing', ringExpiresAtMs: { $lte: nowMs } })
        return (await due.sort({ ringExpiresAtMs: 1 }).limit(limit).toArray()).map(toStoredCall)
      }),

    nextDueMs: () =>
      attempt('read calls', async () => {
        const next = await calls.findOne({ state: 'ringing' }, { sort: { ringExpiresAtMs: 1 } })
        return next?.ringExpiresAtMs ?? null
      }),

    ofUser: (userId, { state, limit }) =>
      attempt('read calls', async () => {
        const wanted = state === null ? { participants: userId } : { participants: userId, state }
        const found = calls.find(wanted).sort({ startedAtMs: -1, sessionId: -1 }).limit(limit)
        return (await found.toArray()).map(toStoredCall)
      }),
  }
}

async function insert(
  calls: Collection<CallDocument>,
  stored: StoredCall,
  written: Pending & { by: string },
): Promise<{ call: StoredCall; created: boolean }> {
  const same = await calls.findOne({ sessionId: stored.call.sessionId })
  if (same !== null) return { call: toStoredCall(same), created: same.by === written.by }
  const last = await calls.findOne({ openHash: openHashOf(stored) }, { sort: { turn: -1 } })
  if (last?.state === 'ringing') return { call: toStoredCall(last), created: false }
  try {
    await calls.insertOne(toCallDocument(stored, { turn: (last?.turn ?? 0) + 1, ...written }))
    return { call: stored, created: true }
  } catch (error) {
    if (!isDuplicate(error)) throw error
    throw new LostRaceError('a call')
  }
}

async function compareAndSet(
  calls: Collection<CallDocument>,
  { next, pending }: { next: StoredCall; pending: Pending },
  { token, unsure }: Turn,
): Promise<boolean> {
  const { sessionId, revision } = next.call
  const { pending: events, pendingSinceMs } = pending
  const changed = await calls.updateOne(
    { sessionId, revision: revision - 1 },
    {
      $set: { ...changingFields(next), by: token },
      ...(pendingSinceMs === undefined
        ? {}
        : { $push: { pending: { $each: events } }, $min: { pendingSinceMs } }),
    },
  )
  if (changed.modifiedCount > 0) return true
  return unsure && (await calls.findOne({ sessionId, revision, by: token })) !== null
}
