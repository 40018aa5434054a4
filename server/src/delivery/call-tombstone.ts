import type { CallEnded } from '@belfry/contracts'
import type { DeliveryStore } from '../store/port.ts'
import { deliveryId } from './delivery-id.ts'

/**
 * The end of a call that the store knows nothing of, because another backend leads it. Events come in
 * any order: a ring that comes after its end must find that it is over. A call of our own needs
 * none of this, its state says so.
 */
export interface CallTombstones {
  note(event: CallEnded): Promise<void>
  isOver(sessionId: string, userId: string): Promise<boolean>
}

export function createCallTombstones(
  deliveries: Pick<DeliveryStore, 'byIds' | 'suppress'>,
  now: () => number,
): CallTombstones {
  return {
    async note(event) {
      const { sessionId, userId, reason } = event
      const own = reason === 'declined' || reason === 'busy' ? [userId] : [everybody]
      for (const ownerId of event.calleeIds ?? own) {
        const key = {
          id: tombstoneId(sessionId, ownerId),
          eventId: `over:${sessionId}`,
          kind: 'call_ended',
          ownerId,
          deviceRowId: null,
          subjectId: sessionId,
        } as const
        await deliveries.suppress(key, 'call_over', now())
      }
    },
    async isOver(sessionId, userId) {
      const ids = [tombstoneId(sessionId, userId), tombstoneId(sessionId, everybody)]
      return (await deliveries.byIds(ids)).length > 0
    },
  }
}

/** No person has this id. */
const everybody = ''

function tombstoneId(sessionId: string, userId: string): string {
  return deliveryId(`over:${sessionId}`, userId)
}
