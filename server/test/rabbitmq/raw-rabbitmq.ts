import { connect, type ConfirmChannel, type GetMessage } from 'amqplib'
import { headerNames } from '../../src/broker/rabbitmq/message-headers.ts'
import {
  broadcastExchange,
  deadQueue,
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

/** As if they died in a queue of that name. */
export function putDead(url: string, queue: string, bodies: readonly string[]): Promise<void> {
  const headers = { [headerNames.queue]: queue, [headerNames.reason]: 'put there' }
  return onChannel(url, async (channel) => {
    for (const body of bodies)
      channel.sendToQueue(deadQueue, Buffer.from(body), { persistent: true, headers })
    await channel.waitForConfirms()
  })
}

/** Everything that is dead, oldest first, as it was published. It stays where it is. */
export function deadBodies(url: string): Promise<readonly string[]> {
  return onChannel(url, async (channel) => {
    const messages: GetMessage[] = []
    for (;;) {
      const message = await channel.get(deadQueue, { noAck: false })
      if (message === false) break
      messages.push(message)
    }
    for (const message of messages) channel.nack(message, false, true)
    await channel.close()
    return messages.map(({ content }) => content.toString('utf8'))
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
