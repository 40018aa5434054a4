import type { Collection, Db } from 'mongodb'
import * as z from 'zod'
import type { OutboxStore, PendingEvent } from '../port.ts'
import type { Attempt } from './attempt.ts'
import type { CallDocument } from './call-document.ts'
import type { MessageDocument } from './mongo-messages.ts'
import { contentKey, pendingEvent } from './pending-events.ts'
import { read } from './unexpected-document-error.ts'

type Source = PendingEvent['source']

const holder = z.object({
  id: z.string().optional(),
  sessionId: z.string().optional(),
  pending: z.array(pendingEvent),
})

const pull = (keys: string[]) => ({ $pull: { pending: { key: { $in: keys } } } })

export function mongoOutbox(db: Db, attempt: Attempt): OutboxStore {
  const messages = db.collection<MessageDocument>('messages')
  const calls = db.collection<CallDocument>('calls')
  return {
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

    confirm: (events) =>
      attempt('note what the broker confirmed', async () => {
        await Promise.all([
          ...keysBySource(events, 'message').map(([id, keys]) =>
            messages.updateOne({ id }, pull(keys)),
          ),
          ...keysBySource(events, 'call').map(([sessionId, keys]) =>
            calls.updateOne({ sessionId }, pull(keys)),
          ),
        ])
      }),
  }
}

/** Documents with events from before that moment, the oldest first. Younger events of theirs stay out. */
async function older(
  collection: Collection<MessageDocument> | Collection<CallDocument>,
  { source, beforeMs, limit }: { source: Source; beforeMs: number; limit: number },
): Promise<Array<{ sinceMs: number; events: PendingEvent[] }>> {
  // `$gt: 0` is how the partial index is worded.
  const found: unknown[] = await collection
    .find({ 'pending.sinceMs': { $gt: 0, $lt: beforeMs } })
    .sort({ 'pending.sinceMs': 1 })
    .limit(limit)
    .project({ id: 1, sessionId: 1, pending: 1 })
    .toArray()
  return found.map((document) => {
    const { id, sessionId, pending } = read(`${source}s`, holder, document)
    const waiting = pending.filter(({ sinceMs }) => sinceMs < beforeMs)
    const sourceId = sessionId ?? id ?? ''
    return {
      sinceMs: Math.min(...waiting.map(({ sinceMs }) => sinceMs)),
      events: waiting.map(({ event }) => ({ source, sourceId, event })),
    }
  })
}

/** Which keys to pull from which document. */
function keysBySource(events: readonly PendingEvent[], source: Source): Array<[string, string[]]> {
  const own = events.filter((event) => event.source === source)
  return [...Map.groupBy(own, ({ sourceId }) => sourceId)].map(([id, group]) => [
    id,
    group.map(({ event }) => contentKey(event)),
  ])
}
