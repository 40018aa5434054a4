import { eventId, type ChatMessage, type DomainEvent } from '@belfry/contracts'
import { eventsExchange, routingKeys } from '../../../src/broker/rabbitmq/topology.ts'
import { onChannel } from '../../rabbitmq/raw-rabbitmq.ts'
import type { EntryOf } from '../checker/log-entry.ts'
import type { FaultRig } from './fault-rig.ts'
import type { Pair } from './people.ts'

type Exchange = Pick<FaultRig, 'recorder' | 'rabbitMq'>

/** Publishes as another backend does: to the exchange, without any header of ours; each so many times. */
export function publishEvents(
  { recorder, rabbitMq }: Exchange,
  events: readonly DomainEvent[],
  copies = 1,
): Promise<void> {
  return onChannel(rabbitMq.url, async (channel) => {
    for (let begin = 0; begin < events.length; begin += batch) {
      const part = events.slice(begin, begin + batch)
      for (const event of part) {
        recorder.write({ kind: 'invoke', op: opOf(event), process: null, ...asAction(event) })
        for (let copy = 0; copy < copies; copy += 1) {
          const body = Buffer.from(JSON.stringify(event))
          channel.publish(eventsExchange, routingKeys[event.type], body, { persistent: true })
        }
      }
      await channel.waitForConfirms()
      for (const event of part) {
        const id = event.type === 'ChatMessage' ? eventId(event) : event.sessionId
        recorder.write({ kind: 'ok', op: opOf(event), status: 0, id })
      }
    }
  })
}

/** Confirmed together. */
const batch = 500

function opOf(event: DomainEvent): string {
  return `exchange ${eventId(event)}`
}

function asAction(event: DomainEvent): Pick<EntryOf<'invoke'>, 'action' | 'by' | 'subject' | 'to'> {
  switch (event.type) {
    case 'ChatMessage':
      return { action: 'send', by: event.senderId, subject: event.id, to: event.recipientIds }
    case 'IncomingCallPushMessage':
      return { action: 'call', by: event.callerId, subject: event.sessionId, to: event.calleeIds }
    case 'CallEnded':
      return { action: 'end', by: event.userId, subject: event.sessionId, to: [] }
  }
}

/** A message of the first to the second, as another backend says it. */
export function chatFrom(
  { one, other, conversationId }: Pair,
  key: string,
  canary: string,
): ChatMessage {
  return {
    type: 'ChatMessage',
    id: key,
    conversationId,
    senderId: one.id,
    senderName: 'Ana',
    recipientIds: [other.id],
    text: `[${key}] ${canary} from elsewhere`,
    sentAt: new Date().toISOString(),
  }
}

/** A message that no worker can read, on that lane. */
export function putPoison(
  { recorder, rabbitMq }: Exchange,
  queue: string,
  { name, body }: { name: string; body: string },
): Promise<void> {
  const subject = `poison-${name}`
  recorder.write({
    kind: 'invoke',
    op: subject,
    action: 'poison',
    by: 'mallory',
    subject,
    process: null,
  })
  return onChannel(rabbitMq.url, async (channel) => {
    channel.sendToQueue(queue, Buffer.from(body), { persistent: true, messageId: subject })
    await channel.waitForConfirms()
    recorder.write({ kind: 'ok', op: subject, status: 0 })
  })
}
