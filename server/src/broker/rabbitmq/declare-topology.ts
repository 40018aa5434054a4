import type { Channel } from 'amqplib'
import { replyCodeOf, replyCodes } from './reply-code.ts'
import { TopologyMismatchError } from './topology-error.ts'
import {
  broadcastExchange,
  eventsExchange,
  queueDeclarations,
  type QueueDeclaration,
} from './topology.ts'

/**
 * Declares what is missing and checks what is there. Rejects with `TopologyMismatchError`, or with what closed the
 * channel; the channel is of no use then.
 */
export async function declareTopology(
  channel: Channel,
  queues: readonly QueueDeclaration[] = queueDeclarations(),
): Promise<void> {
  await named(eventsExchange, channel.assertExchange(eventsExchange, 'topic', { durable: true }))
  await named(
    broadcastExchange,
    channel.assertExchange(broadcastExchange, 'fanout', { durable: true }),
  )
  for (const { name, arguments: args, boundTo } of queues) {
    await named(name, channel.assertQueue(name, { durable: true, arguments: args }))
    for (const key of boundTo) await channel.bindQueue(name, eventsExchange, key)
  }
}

async function named(subject: string, declared: Promise<unknown>): Promise<void> {
  try {
    await declared
  } catch (cause) {
    if (replyCodeOf(cause) === replyCodes.preconditionFailed)
      throw new TopologyMismatchError(subject, { cause })
    throw cause
  }
}
