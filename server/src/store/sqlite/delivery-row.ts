import * as z from 'zod'
import type { Delivery } from '../../delivery/delivery.ts'
import { integer, integerOrNull, text, textOrNull, type Row } from '../../sqlite/row.ts'

export const deliveryColumns = `id, event_id, kind, owner_id, device_row_id, subject_id, state, attempts,
  next_attempt_at_ms, reason, status, location, created_at_ms, settled_at_ms,
  shown_at_ms, clicked_at_ms, dismissed_at_ms`

const kind = z.enum(['chat_message', 'incoming_call', 'call_ended', 'missed_call', 'test'])
const state = z.enum(['claimed', 'retry', 'accepted', 'gone', 'rejected', 'suppressed', 'expired'])

export function toDelivery(row: Row): Delivery {
  return {
    id: text(row, 'id'),
    eventId: text(row, 'event_id'),
    kind: kind.parse(row['kind']),
    ownerId: text(row, 'owner_id'),
    deviceRowId: textOrNull(row, 'device_row_id'),
    subjectId: textOrNull(row, 'subject_id'),
    state: state.parse(row['state']),
    attempts: integer(row, 'attempts'),
    // Claims are in memory: `claim.ts`.
    leaseUntilMs: 0,
    nextAttemptAtMs: integerOrNull(row, 'next_attempt_at_ms'),
    reason: textOrNull(row, 'reason'),
    status: integerOrNull(row, 'status'),
    location: textOrNull(row, 'location'),
    createdAtMs: integer(row, 'created_at_ms'),
    settledAtMs: integerOrNull(row, 'settled_at_ms'),
    shownAtMs: integerOrNull(row, 'shown_at_ms'),
    clickedAtMs: integerOrNull(row, 'clicked_at_ms'),
    dismissedAtMs: integerOrNull(row, 'dismissed_at_ms'),
  }
}
