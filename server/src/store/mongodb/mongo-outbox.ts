import type { Collection, Db } from 'mongodb'
import * as z from 'zod'
import type { OutboxStore, PendingEvent } from '../port.ts'
import type { Attempt } from './attempt.ts'
import type { CallDocument } from './call-document.ts'
import type { MessageDocument } from './mongo-messages.ts'
import { contentKey, pendingFields } from './pending-events.ts'
import { read } from './unexpected-document-error.ts'

type Source = PendingEvent['source']

export function mongoOutbox(db: Db, attempt: Attempt): OutboxStore {
  const messages = db.collection<MessageDocument>('messages')
  const calls = db.collection<CallDocument>('calls')

  function confirmOne({ source, sourceId }: PendingEvent, keys: string[]): Promise<void> {
    return source === 'message'
      ? take(messages, { id: sourceId }, keys)
      : take(calls, { sessionId: sourceId }, keys)
  }

  return {
    queued: false,

    pending: (beforeMs, limit) =>
      attempt('read the outbox', async () => {
        const documents = await Promise.all([
          older(messages, { source: 'message', beforeMs, limit }),
          older(calls, { source: 'call', beforeMs, limit }),
        ])
        return documents
          .flat()
          .sort((a, b) => a.sinceMs - b.sinceMs)
          .flatMap(({ events }) => events)
          .slice(0, limit)
      }),

    count: (limit) =>
      attempt('count the outbox', async () => {
        const waiting = { pendingSinceMs: { $gt: 0 } }
        const counts = await Promise.all([
          messages.countDocuments(waiting, { limit }),
          calls.countDocuments(waiting, { limit }),
        ])
        return counts[0] + counts[1]
      }),

    async confirm(events) {
      const bySource = Map.groupBy(events, ({ source, sourceId }) =>
        JSON.stringify([source, sourceId]),
      )
      await attempt('note what the broker confirmed', () =>
        Promise.all(
          Array.from(bySource.values(), async (group) => {
            const [first] = group
            const keys = group.map(({ event }) => contentKey(event))
            if (first !== undefined) await confirmOne(first, keys)
          }),
        ),
      )
    },
  }
}

const holder = z.object({
  _id: z.string(),
  id: z.string().optional(),
  sessionId: z.string().optional(),
  ...pendingFields,
})

/** Documents with events from before that moment, the oldest first. Younger events of theirs stay out. */
async function older(
  collection: Collection<MessageDocument> | Collection<CallDocument>,
  { source, beforeMs, limit }: { source: Source; beforeMs: number; limit: number },
): Promise<Array<{ sinceMs: number; events: PendingEvent[] }>> {
  // `$gt: 0` is how the partial index is worded.
  const found: unknown[] = await collection
    .find({ pendingSinceMs: { $gt: 0, $lt: beforeMs } })
    .sort({ pendingSinceMs: 1 })
    .limit(limit)
    .project({ id: 1, sessionId: 1, pending: 1, pendingSinceMs: 1 })
    .toArray()
  const holders = found.map((document) => read(`${source}s`, holder, document))
  // What a crash between the two writes of `take` left behind.
  const emptied = holders.filter(({ pending }) => pending.length === 0)
  await Promise.all(emptied.map(({ _id }) => leave(collection, { _id })))
  return holders.map(({ id, sessionId, pending, pendingSinceMs = 0 }) => ({
    sinceMs: pendingSinceMs,
    events: pending
      .filter(({ sinceMs }) => sinceMs < beforeMs)
      .map(({ event }) => ({ source, sourceId: sessionId ?? id ?? '', event })),
  }))
}

type Holders = Collection<MessageDocument> | Collection<CallDocument>
type Which = { readonly _id: string } | { readonly id: string } | { readonly sessionId: string }

/** Takes these events out of a document, and the document out of the index when they were all: then in one write. */
async function take(collection: Holders, which: Which, keys: string[]): Promise<void> {
  const noOther = { $not: { $elemMatch: { key: { $nin: keys } } } }
  const all = await collection.updateOne(
    { ...which, pending: noOther },
    { $set: { pending: [] }, $unset: { pendingSinceMs: true } },
  )
  if (all.matchedCount > 0) return
  await collection.updateOne({ ...which }, { $pull: { pending: { key: { $in: keys } } } })
  // Somebody else may have taken the others at the same time.
  await leave(collection, which)
}

/** Takes a document without events out of the index. */
async function leave(collection: Holders, which: Which): Promise<void> {
  await collection.updateOne({ ...which, pending: [] }, { $unset: { pendingSinceMs: true } })
}
