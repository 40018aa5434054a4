import type { Collection, Db } from 'mongodb'
import type { ClaimAnswer, DeliveryKey, Settlement } from '../../delivery/delivery.ts'
import type { DeliveryStore } from '../port.ts'
import type { Attempt, Turn } from './attempt.ts'
import { newDelivery, toDelivery, type DeliveryDocument } from './delivery-document.ts'
import { gather, type Gathered } from './gather.ts'
import { pruneInSteps } from './prune-in-steps.ts'
import { isDuplicate, LostRaceError } from './wire-errors.ts'
import { insertMany, updateMany, type Update } from './write-many.ts'

const receiptFields = {
  shown: 'shownAtMs',
  clicked: 'clickedAtMs',
  dismissed: 'dismissedAtMs',
} as const

/** Claims of a process that died end when their lease does: another one may be at them meanwhile, for all we know. */
export function mongoDeliveries(db: Db, attempt: Attempt): DeliveryStore {
  const deliveries = db.collection<DeliveryDocument>('deliveries')
  const ledger: Ledger = {
    deliveries,
    insert: gather((documents) => insertMany(db, 'deliveries', documents)),
    update: gather((updates) => updateMany(db, 'deliveries', updates)),
  }
  return {
    claim: (key, times) =>
      attempt('claim a delivery', (turn) => claim(ledger, { key, ...times }, turn)),

    settle: (id, settlement, nowMs) =>
      attempt('settle a delivery', (turn) => settle(ledger, { id, settlement, nowMs }, turn)),

    refute: (id, { state, reason }, nowMs) =>
      attempt('refute a delivery', async () => {
        const $set = { state, reason, settledAtMs: nowMs }
        await deliveries.updateOne({ _id: id, state: 'accepted' }, { $set })
      }),

    suppress: (key, reason, nowMs) =>
      attempt('settle a delivery', ({ token }) => suppress(ledger, { key, reason, nowMs }, token)),

    byId: (id) =>
      attempt('read a delivery', async () => {
        const found = await deliveries.findOne({ _id: id })
        return found === null ? null : toDelivery(found)
      }),

    byIds: (ids) =>
      attempt('read deliveries', async () => {
        const found = await deliveries.find({ _id: { $in: [...ids] } }).toArray()
        return found.map(toDelivery)
      }),

    ofEvent: (eventId) =>
      attempt('read deliveries', async () => {
        const found = await deliveries.find({ eventId }).sort({ createdAt: 1, _id: 1 }).toArray()
        return found.map(toDelivery)
      }),

    accepted: (eventIds) =>
      attempt('read deliveries', async () => {
        const wanted = { eventId: { $in: [...eventIds] }, state: 'accepted' } as const
        return new Set(await deliveries.distinct('eventId', wanted))
      }),

    unshown: (ownerId, subjectId, limit) =>
      attempt('read deliveries', async () => {
        // `$gt: ''` is any text, in the words of the partial index.
        const waiting = { location: { $gt: '' }, state: 'accepted', shownAtMs: null } as const
        const found = deliveries.find({ ownerId, subjectId, ...waiting })
        return (await found.sort({ createdAt: -1 }).limit(limit).toArray()).map(toDelivery)
      }),

    receipt: (id, event, nowMs) =>
      attempt('store a receipt', (turn) => receipt(deliveries, { id, event, nowMs }, turn)),

    prune: (beforeMs) =>
      pruneInSteps(attempt, {
        find: async (limit) => {
          const old = deliveries.find({ createdAt: { $lt: new Date(beforeMs) } }).limit(limit)
          return (await old.project<{ _id: string }>({ _id: 1 }).toArray()).map(({ _id }) => _id)
        },
        remove: (ids) => deliveries.deleteMany({ _id: { $in: [...ids] } }),
      }),
  }
}

async function receipt(
  deliveries: Collection<DeliveryDocument>,
  { id, event, nowMs }: { id: string; event: keyof typeof receiptFields; nowMs: number },
  { unsure }: Turn,
): Promise<boolean> {
  const field = receiptFields[event]
  const noted = await deliveries.updateOne({ _id: id, [field]: null }, { $set: { [field]: nowMs } })
  if (noted.modifiedCount > 0) return true
  return unsure && (await deliveries.findOne({ _id: id, [field]: nowMs })) !== null
}

interface Ledger {
  readonly deliveries: Collection<DeliveryDocument>
  /** False: it was not inserted, for whatever reason. */
  readonly insert: Gathered<DeliveryDocument, boolean>
  /** False: it changed nothing, or nobody knows. */
  readonly update: Gathered<Update, boolean>
}

async function claim(
  ledger: Ledger,
  { key, nowMs, leaseMs }: { key: DeliveryKey; nowMs: number; leaseMs: number },
  { token }: Turn,
): Promise<ClaimAnswer> {
  const _id = key.id
  const claimed = { state: 'claimed', leaseUntilMs: nowMs + leaseMs, by: token } as const
  const { deliveries } = ledger
  if (await isFirst(ledger, newDelivery(key, { ...claimed, attempts: 1, nowMs }))) {
    return { kind: 'claimed', attempt: 1 }
  }
  const taken = await deliveries.findOneAndUpdate(
    {
      _id,
      $or: [
        { state: 'claimed', leaseUntilMs: { $lte: nowMs } },
        { state: 'retry', nextAttemptAtMs: { $lte: nowMs } },
      ],
    },
    { $set: { ...claimed, nextAttemptAtMs: null }, $inc: { attempts: 1 } },
    { returnDocument: 'after' },
  )
  const row = taken ?? (await deliveries.findOne({ _id }))
  // Pruned in between, or not yet written by a majority.
  if (row === null) throw new LostRaceError('a delivery')
  const { state, leaseUntilMs, nextAttemptAtMs, attempts } = toDelivery(row)
  // The token is in it: taken over just now, or by an earlier try whose answer was lost.
  if (state === 'claimed' && row.by === token) return { kind: 'claimed', attempt: attempts }
  if (state === 'claimed') return { kind: 'busy', untilMs: leaseUntilMs }
  if (state === 'retry') return { kind: 'waiting', untilMs: nextAttemptAtMs ?? nowMs }
  return { kind: 'settled', state }
}

async function settle(
  { deliveries, update }: Ledger,
  { id, settlement, nowMs }: { id: string; settlement: Settlement; nowMs: number },
  { token }: Turn,
): Promise<boolean> {
  const { state, reason = null, status = null, location = null } = settlement
  const $set = {
    state,
    reason,
    status,
    location,
    nextAttemptAtMs: state === 'retry' ? (settlement.nextAttemptAtMs ?? nowMs) : null,
    settledAtMs: state === 'retry' ? null : nowMs,
    leaseUntilMs: 0,
    by: token,
  }
  if (await update({ q: { _id: id, state: { $in: ['claimed', 'retry'] } }, u: { $set } }))
    return true
  // This command or, when its answer was lost, an earlier try of it may have been the one.
  return (await deliveries.findOne({ _id: id, by: token })) !== null
}

async function suppress(
  ledger: Ledger,
  { key, reason, nowMs }: { key: DeliveryKey; reason: string; nowMs: number },
  by: string,
): Promise<void> {
  const end = { state: 'suppressed', reason, settledAtMs: nowMs, leaseUntilMs: 0, by } as const
  if (await isFirst(ledger, newDelivery(key, { ...end, attempts: 0, nowMs }))) return
  const waits = { state: 'retry' } as const
  const left = { state: 'claimed', leaseUntilMs: { $lte: nowMs } } as const
  const $set = { ...end, nextAttemptAtMs: null }
  await ledger.deliveries.updateOne({ _id: key.id, $or: [waits, left] }, { $set })
}

async function isFirst(
  { deliveries, insert }: Ledger,
  document: DeliveryDocument,
): Promise<boolean> {
  if (await insert(document)) return true
  // By itself, it says what was wrong.
  try {
    await deliveries.insertOne(document)
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}
