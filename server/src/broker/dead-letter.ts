import { eventId } from '@belfry/contracts'
import { decodeBody } from './decode-body.ts'
import { queueNames, type DeadEvent, type QueueName } from './port.ts'

/** Which event a body holds, without a word of it; null when it cannot be read. */
export function deadEvent(body: string): DeadEvent | null {
  const decoded = decodeBody(body)
  if (decoded.kind === 'unreadable') return null
  const { message } = decoded
  return 'kind' in message
    ? { type: message.event.type, id: eventId(message.event), deliveryId: message.deliveryId }
    : { type: message.type, id: eventId(message), deliveryId: null }
}

/** The queue of that name; null when this version has none. */
export function knownQueue(name: string | null): QueueName | null {
  return queueNames.find((queue) => queue === name) ?? null
}
