import { connect, type ConfirmChannel } from 'amqplib'
import {
  broadcastExchange,
  eventsExchange,
  queueDeclarations,
} from '../../src/broker/rabbitmq/topology.ts'

/** Runs that on a channel of its own, as any other program might. */
export async function onChannel<T>(
  url: string,
  work: (channel: ConfirmChannel) => Promise<T>,
): Promise<T> {
  const connection = await connect(url)
  connection.on('error', () => {}) // What is under way rejects with it.
  try {
    const channel = await connection.createConfirmChannel()
    channel.on('error', () => {}) // As above.
    return await work(channel)
  } finally {
    await connection.close().catch(() => {}) // It ended with the error that is on its way up.
  }
}

/** As a publisher that is none of ours: no headers. */
export function putRaw(url: string, queue: string, body: string): Promise<void> {
  return onChannel(url, async (channel) => {
    channel.sendToQueue(queue, Buffer.from(body), { persistent: true })
    await channel.waitForConfirms()
  })
}

/** Nothing of ours is left. */
export function deleteTopology(url: string): Promise<void> {
  return onChannel(url, async (channel) => {
    for (const { name } of queueDeclarations()) await channel.deleteQueue(name)
    await channel.deleteExchange(eventsExchange)
    await channel.deleteExchange(broadcastExchange)
  })
}
