import type { Db } from 'mongodb'
import type { SessionStore } from '../port.ts'
import type { Attempt } from './attempt.ts'
import { pruneInSteps } from './prune-in-steps.ts'
import { isDuplicate } from './wire-errors.ts'

interface SessionDocument {
  readonly _id: string
  readonly userId: string
  /** A date, because the TTL index needs one. */
  readonly expiresAt: Date
  /**
   * Who ended it. An ended session stays until it expires: so a late repeat of its insert does not bring it back,
   * and who ended it is told so even when the answer was lost.
   */
  readonly endedBy?: string
}

export function mongoSessions(db: Db, attempt: Attempt): SessionStore {
  const sessions = db.collection<SessionDocument>('sessions')
  const live = { endedBy: { $exists: false } }
  return {
    insert: ({ sid, userId, expiresAtMs }) =>
      attempt('store a session', async () => {
        try {
          await sessions.insertOne({ _id: sid, userId, expiresAt: new Date(expiresAtMs) })
        } catch (error) {
          if (!isDuplicate(error)) throw error
        }
      }),

    isLive: (sid, nowMs) =>
      attempt('read a session', async () => {
        const expiresAt = { $gt: new Date(nowMs) }
        return (await sessions.findOne({ _id: sid, expiresAt, ...live })) !== null
      }),

    end: (sid) =>
      attempt('end a session', async ({ token, unsure }) => {
        const ended = await sessions.updateOne({ _id: sid, ...live }, { $set: { endedBy: token } })
        if (ended.modifiedCount > 0) return true
        return unsure && (await sessions.findOne({ _id: sid, endedBy: token })) !== null
      }),

    prune: (nowMs) =>
      pruneInSteps(attempt, {
        find: async (limit) => {
          const over = sessions.find({ expiresAt: { $lte: new Date(nowMs) } }).limit(limit)
          return (await over.project<{ _id: string }>({ _id: 1 }).toArray()).map(({ _id }) => _id)
        },
        remove: (ids) => sessions.deleteMany({ _id: { $in: [...ids] } }),
      }),
  }
}
