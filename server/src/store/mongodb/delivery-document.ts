import * as z from 'zod'
import type { Delivery, DeliveryKey } from '../../delivery/delivery.ts'
import { read } from './unexpected-document-error.ts'

const deliveryDocument = z.object({
  _id: z.string(),
  eventId: z.string(),
  kind: z.enum(['chat_message', 'incoming_call', 'call_ended', 'missed_call', 'test']),
  ownerId: z.string(),
  deviceRowId: z.string().nullable(),
  subjectId: z.string().nullable(),
  state: z.enum(['claimed', 'retry', 'accepted', 'gone', 'rejected', 'suppressed', 'expired']),
  attempts: z.number(),
  leaseUntilMs: z.number(),
  nextAttemptAtMs: z.number().nullable(),
  reason: z.string().nullable(),
  status: z.number().nullable(),
  location: z.string().nullable(),
  /** A date, because the TTL index needs one. */
  createdAt: z.date(),
  settledAtMs: z.number().nullable(),
  shownAtMs: z.number().nullable(),
  clickedAtMs: z.number().nullable(),
  dismissedAtMs: z.number().nullable(),
  /** Who wrote it last, except receipts. */
  by: z.string(),
})
export type DeliveryDocument = z.infer<typeof deliveryDocument>

/** A row as its first claim, or policy, makes it. */
export function newDelivery(
  { id, ...key }: DeliveryKey,
  made: Pick<DeliveryDocument, 'state' | 'attempts' | 'by'> &
    Partial<DeliveryDocument> & { nowMs: number },
): DeliveryDocument {
  const { nowMs, ...fields } = made
  return {
    _id: id,
    ...key,
    leaseUntilMs: 0,
    nextAttemptAtMs: null,
    reason: null,
    status: null,
    location: null,
    createdAt: new Date(nowMs),
    settledAtMs: null,
    shownAtMs: null,
    clickedAtMs: null,
    dismissedAtMs: null,
    ...fields,
  }
}

export function toDelivery(document: unknown): Delivery {
  const {
    _id: id,
    createdAt,
    by: _by,
    ...delivery
  } = read('deliveries', deliveryDocument, document)
  return { id, ...delivery, createdAtMs: createdAt.getTime() }
}
