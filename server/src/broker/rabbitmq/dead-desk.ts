import { connect, type ChannelModel, type ConfirmChannel, type Message } from 'amqplib'
import { DeadLettersUnavailableError } from '../dead-letters-unavailable-error.ts'
import type { QueueName } from '../port.ts'
import { deadReader, type DeadReader } from './dead-reader.ts'
import { writeEnvelope } from './message-headers.ts'
import { refusalOf } from './refused-error.ts'
import { rabbitMqUrl } from './rabbitmq-url.ts'

/** The queue of the dead, while one looks through it. */
export interface DeadDesk {
  /** The next one; null: none is left. It goes back to its place in the end, unless it was handed back. */
  next(): Promise<Message | null>
  /** Puts each on its lane as if it came for the first time, and only once all are confirmed takes them from the dead. */
  handBack(messages: readonly HandBack[]): Promise<void>
}

export interface HandBack {
  readonly message: Message
  readonly id: string
  readonly queue: QueueName
}

export interface DeadDeskOptions {
  readonly url: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** RabbitMQ has so long for each answer. */
  readonly answerWithinMs: number
  /** About so many will be looked at and not handed back; more take longer, and may be put back in another order. */
  readonly pageSize: number
}

/** Opens a connection for that alone, so that no lane notices. Rejects with `BrokerRefusedError` or `DeadLettersUnavailableError`. */
export async function atDeadDesk<T>(
  options: DeadDeskOptions,
  doing: string,
  work: (desk: DeadDesk) => Promise<T>,
): Promise<T> {
  const { url, shown } = rabbitMqUrl(options.url)
  const cut = new AbortController()
  const answered = answersWithin(options.answerWithinMs, cut)
  try {
    const socket = {
      signal: cut.signal,
      clientProperties: { connection_name: 'belfry dead letters' },
    }
    const connection = await answered(connect(url, socket))
    connection.on('error', () => {}) // What is under way rejects with it.
    const found = await onChannel(connection, answered, async (channel) => {
      const reader = deadReader(channel, { pageSize: options.pageSize, answered })
      const handBack = (messages: readonly HandBack[]) =>
        handBackAll({ channel, reader, answered, now: options.now }, messages)
      try {
        return await work({ next: () => reader.next(), handBack })
      } finally {
        await reader.putBack().catch(() => {}) // Then they go back with the connection.
      }
    })
    await answered(connection.close())
    return found
  } catch (cause) {
    throw (
      refusalOf(cause, options.url) ??
      new DeadLettersUnavailableError(`${doing} at ${shown}`, cause)
    )
  } finally {
    cut.abort() // A half-open connection would wait for its peer.
  }
}

type Answered = <T>(asked: Promise<T>) => Promise<T>

/** Cuts the connection when RabbitMQ leaves one question unanswered. */
function answersWithin(withinMs: number, cut: AbortController): Answered {
  return async (asked) => {
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      reject(new Error(`no answer within ${withinMs} ms; it may be down, or an alarm may last`))
      cut.abort()
    }, withinMs)
    asked.catch(() => {}) // Once it is late, nobody else hears of it.
    try {
      return await Promise.race([asked, late])
    } finally {
      clearTimeout(timer)
    }
  }
}

async function onChannel<T>(
  connection: ChannelModel,
  answered: Answered,
  work: (channel: ConfirmChannel) => Promise<T>,
): Promise<T> {
  const channel = await answered(connection.createConfirmChannel())
  channel.on('error', () => {}) // As above.
  // The driver writes the close of the connection past acknowledgements that a channel has buffered.
  const close = async () => answered(channel.close())
  try {
    const found = await work(channel)
    await close()
    return found
  } catch (cause) {
    await close().catch(() => {}) // It was closed by what is on its way up.
    throw cause
  }
}

interface HandBackParts extends Pick<DeadDeskOptions, 'now'> {
  readonly channel: ConfirmChannel
  readonly reader: Pick<DeadReader, 'acknowledge'>
  readonly answered: Answered
}

async function handBackAll(
  { channel, reader, answered, now }: HandBackParts,
  messages: readonly HandBack[],
): Promise<void> {
  const returned = new Set<unknown>()
  const note = ({ properties }: { readonly properties: { readonly correlationId?: unknown } }) => {
    returned.add(properties.correlationId)
  }
  channel.on('return', note)
  const headers = writeEnvelope({ publishedMs: now(), tries: 0, throws: 0, remainingMs: 0 })
  for (const [index, { message, id, queue }] of messages.entries()) {
    channel.publish('', queue, message.content, {
      mandatory: true,
      persistent: true,
      contentType: 'application/json',
      messageId: id,
      correlationId: String(index),
      headers,
    })
  }
  await answered(channel.waitForConfirms())
  channel.off('return', note)
  // RabbitMQ sends the return before the confirm.
  for (const [index, { message }] of messages.entries())
    if (!returned.has(String(index))) reader.acknowledge(message)
  const left = messages.find((_message, index) => returned.has(String(index)))
  if (left !== undefined) throw new Error(`it has no queue "${left.queue}"`)
}
