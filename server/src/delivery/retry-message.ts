import type { DeliveryRetry, DomainEvent } from '@belfry/contracts'
import type { DeliveryOrder } from './deliver.ts'

/** A broker need not carry longer waits; who comes back too early is sent on. */
export const longestRetryDelayMs = 600_000

/**
 * One delivery on its way back through the broker. Its event names only the one person concerned:
 * the message stays small, and who reads it looks up one person's devices and not a group's.
 */
export function retryMessage(
  order: Pick<DeliveryOrder, 'key' | 'event'>,
  { attempt, atMs }: { attempt: number; atMs: number },
): DeliveryRetry {
  return {
    kind: 'delivery',
    deliveryId: order.key.id,
    attempt,
    notBefore: new Date(atMs).toISOString(),
    event: forOne(order.event, order.key.ownerId),
  }
}

function forOne(event: DomainEvent, userId: string): DomainEvent {
  switch (event.type) {
    case 'ChatMessage':
      return { ...event, recipientIds: [userId] }
    case 'IncomingCallPushMessage':
    case 'CallEnded':
      return { ...event, calleeIds: [userId] }
  }
}
