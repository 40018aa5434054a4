import type { ConfirmChannel, Message } from 'amqplib'
import { putBack, type HeldMessage } from './put-back.ts'
import { replyCodeOf, replyCodes } from './reply-code.ts'
import { deadQueue } from './topology.ts'

/** Takes the dead one by one, in their order. */
export interface DeadReader {
  /** Null: none is left of those that were there at first, but for what somebody else looks at. */
  next(): Promise<Message | null>
  /** It is dead no more. */
  acknowledge(message: Message): void
  /** Puts back what was taken and not acknowledged, in its order. */
  putBack(): Promise<void>
}

export interface DeadReaderOptions {
  /** How many one subscription may hold; a further one takes over when none of those is wanted. At most 65,535. */
  readonly pageSize: number
  readonly answered: <T>(asked: Promise<T>) => Promise<T>
}

/** Somebody else took what was expected: nothing comes any more. */
const idleMs = 2000

/**
 * Reads by a subscription: a `basic.get` for each message takes ten times as long. A subscription is never told that
 * its queue is empty; hence as many are read as were there at first, and what dies meanwhile is left alone.
 */
export function deadReader(
  channel: ConfirmChannel,
  { pageSize, answered }: DeadReaderOptions,
): DeadReader {
  const arrived: Message[] = []
  /** By delivery tag. */
  const held = new Map<number, HeldMessage>()
  const pages: string[] = []
  let left: number | null = null
  let room = 0
  let onArrival = () => {}

  async function turnPage(): Promise<void> {
    room = pageSize
    await answered(channel.prefetch(pageSize))
    const consumed = channel.consume(deadQueue, (message) => {
      if (message === null) return // The queue was deleted: nothing comes any more.
      room -= 1
      arrived.push(message)
      const { consumerTag, deliveryTag } = message.fields
      held.set(deliveryTag, { by: consumerTag, message: { ...message, content: Buffer.of() } })
      onArrival()
    })
    pages.push((await answered(consumed)).consumerTag)
  }

  function arrival(): Promise<void> {
    if (arrived.length > 0) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, idleMs)
      onArrival = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  const waiting = async () => (await answered(channel.checkQueue(deadQueue))).messageCount

  return {
    async next() {
      left ??= await theDead(waiting())
      if (left === 0) return null
      left -= 1
      if (arrived.length === 0 && room <= 0) await turnPage()
      await arrival()
      return arrived.shift() ?? null
    },
    acknowledge(message) {
      if (held.get(message.fields.deliveryTag)?.by === pages.at(-1)) room += 1
      held.delete(message.fields.deliveryTag)
      channel.ack(message)
    },
    async putBack() {
      for (const page of pages) await answered(channel.cancel(page))
      await putBack(channel, [...held.values()], waiting)
    },
  }
}

async function theDead<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (cause) {
    if (replyCodeOf(cause) !== replyCodes.notFound) throw cause
    const sentence = `it has no queue "${deadQueue}", so no Belfry has run there: is RABBITMQ_URL right?`
    throw new Error(sentence, { cause })
  }
}
