import type { Channel, ConsumeMessage } from 'amqplib'
import type { QueueName } from '../port.ts'
import { declareTopology } from './declare-topology.ts'
import type { Attached } from './link.ts'
import { laneDeclarations } from './topology.ts'

export interface SubscriptionOptions {
  readonly queue: QueueName
  readonly prefetch: number
  readonly onMessage: (channel: Channel, message: ConsumeMessage) => void
}

/** A channel that consumes one lane, on a connection that it has for itself. */
export interface Subscription {
  readonly channel: Channel
  /** From now on messages come. */
  start(): Promise<void>
  /** Nothing comes any more once it resolves. What came can still be acknowledged. */
  cancel(): Promise<void>
  /** Gives back what was not acknowledged. The connection goes on. */
  close(): Promise<void>
}

/** Declares the lane, ready to consume it. Whatever ends it from outside fails the connection. */
export async function openSubscription(
  { connection, fail }: Attached,
  { queue, prefetch, onMessage }: SubscriptionOptions,
): Promise<Subscription> {
  const channel = await connection.createChannel()
  let closing = false
  channel.on('error', fail)
  channel.on('close', () => {
    if (!closing) fail(new Error('its channel was closed'))
  })
  await declareTopology(channel, laneDeclarations(queue))
  await channel.prefetch(prefetch)
  let consumerTag: string | null = null
  return {
    channel,
    async start() {
      const reply = await channel.consume(queue, (message) => {
        if (message === null) fail(new Error(`RabbitMQ ended the subscription to ${queue}`))
        else onMessage(channel, message)
      })
      consumerTag = reply.consumerTag
    },
    async cancel() {
      if (consumerTag === null) return
      await channel.cancel(consumerTag).catch(() => {}) // Lost: then nothing comes either.
    },
    async close() {
      closing = true
      await channel.close()
    },
  }
}
