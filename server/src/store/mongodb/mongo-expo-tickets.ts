import type { Collection, Db } from 'mongodb'
import * as z from 'zod'
import type { ExpoTicket } from '../../delivery/expo-ticket.ts'
import type { ExpoTicketStore } from '../port.ts'
import type { Attempt } from './attempt.ts'
import { pruneInSteps } from './prune-in-steps.ts'
import { read } from './unexpected-document-error.ts'
import { isDuplicate } from './wire-errors.ts'

const ticketDocument = z.object({
  _id: z.string(),
  deliveryId: z.string(),
  deviceRowId: z.string(),
  endpointHash: z.string(),
  projectId: z.string().nullable(),
  asked: z.number(),
  askAtMs: z.number(),
  leaseUntilMs: z.number(),
  /** A date, because the TTL index needs one. */
  createdAt: z.date(),
  /** Who took it or asked last. */
  by: z.string(),
})
type TicketDocument = z.infer<typeof ticketDocument>

const dueFirst = { askAtMs: 1, _id: 1 } as const

/**
 * Each ticket is written by itself, all of them at once: writes to several that overlap lock crosswise on some
 * servers, and what a bulk leaves open after a lost connection cannot be told.
 */
export function mongoExpoTickets(db: Db, attempt: Attempt): ExpoTicketStore {
  const tickets = db.collection<TicketDocument>('expoTickets')
  return {
    async add(added) {
      await attempt('store what Expo gave', async ({ token }) => {
        await Promise.all(added.map((ticket) => insert(tickets, toDocument(ticket, token))))
      })
    },

    take({ nowMs, leaseMs, limit }) {
      const due = { askAtMs: { $lte: nowMs }, leaseUntilMs: { $lte: nowMs } }
      // Kept over the tries: an earlier one may have taken some, and its answer got lost.
      let ids: readonly string[] = []
      return attempt('take what is due of Expo', async ({ token }) => {
        if (ids.length === 0) ids = await idsOf(tickets, due, limit)
        const $set = { leaseUntilMs: nowMs + leaseMs, by: token }
        await Promise.all(ids.map((_id) => tickets.updateOne({ _id, ...due }, { $set })))
        const taken = tickets.find({ _id: { $in: [...ids] }, by: token }).sort(dueFirst)
        return (await taken.toArray()).map(toTicket)
      })
    },

    async askAgain(ids, atMs) {
      await attempt('ask Expo later', async ({ token }) => {
        const again = { $inc: { asked: 1 }, $set: { askAtMs: atMs, leaseUntilMs: 0, by: token } }
        // Not twice, should the answer to an earlier try have been lost.
        const notYet = { by: { $ne: token } }
        await Promise.all(ids.map((_id) => tickets.updateOne({ _id, ...notYet }, again)))
      })
    },

    async remove(ids) {
      await attempt('forget what Expo gave', async () => {
        await tickets.deleteMany({ _id: { $in: ids.toSorted() } })
      })
    },

    prune: (beforeMs) =>
      pruneInSteps(attempt, {
        find: async (limit) => {
          const old = tickets.find({ createdAt: { $lt: new Date(beforeMs) } }).limit(limit)
          return (await old.project<{ _id: string }>({ _id: 1 }).toArray()).map(({ _id }) => _id)
        },
        remove: (ids) => tickets.deleteMany({ _id: { $in: [...ids] } }),
      }),
  }
}

async function insert(
  tickets: Collection<TicketDocument>,
  document: TicketDocument,
): Promise<void> {
  try {
    await tickets.insertOne(document)
  } catch (error) {
    if (!isDuplicate(error)) throw error
  }
}

/** Of the longest due ones. */
async function idsOf(
  tickets: Collection<TicketDocument>,
  due: object,
  limit: number,
): Promise<string[]> {
  const found = tickets.find(due).sort(dueFirst).limit(limit)
  const ids = await found.project<{ _id: string }>({ _id: 1 }).toArray()
  return ids.map(({ _id }) => _id)
}

function toDocument({ id, createdAtMs, ...ticket }: ExpoTicket, by: string): TicketDocument {
  return { _id: id, ...ticket, createdAt: new Date(createdAtMs), leaseUntilMs: 0, by }
}

function toTicket(document: unknown): ExpoTicket {
  const {
    _id: id,
    createdAt,
    leaseUntilMs: _until,
    by: _by,
    ...ticket
  } = read('expoTickets', ticketDocument, document)
  return { id, ...ticket, createdAtMs: createdAt.getTime() }
}
