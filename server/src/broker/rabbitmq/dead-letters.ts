import { createHash } from 'node:crypto'
import { connect, type ConfirmChannel, type Message } from 'amqplib'
import { queueNames, type QueueName } from '../port.ts'
import { count, headerNames, word, type Headers } from './message-headers.ts'
import { rabbitMqUrl } from './rabbitmq-url.ts'
import { deadQueue } from './topology.ts'

/** A message that was kept aside. */
export interface DeadLetter {
  /** Names it in `replayDead`. */
  readonly id: string
  /** The lane that it was on; null when that cannot be known, and it cannot be replayed. */
  readonly queue: QueueName | null
  readonly reason: string
  /** Milliseconds since 1970; null: nobody wrote it down. */
  readonly diedMs: number | null
  readonly tries: number
  /** As it was published. Holds what people wrote: never logged. */
  readonly body: string
}

/** The oldest dead messages, oldest first; they stay where they are. Slow beyond some thousands: one asks for each. */
export function listDead(url: string, limit: number): Promise<readonly DeadLetter[]> {
  return looking(url, async (channel) => {
    const found: DeadLetter[] = []
    while (found.length < limit) {
      const message = await channel.get(deadQueue, { noAck: false })
      if (message === false) break
      found.push(toDeadLetter(message))
    }
    return found
  })
}

/**
 * Hands one back to its lane, as if it came for the first time. False: there is none of that id, or its lane is not
 * known. It is on its lane before it is gone from the dead: a crash between leaves both.
 */
export function replayDead(url: string, id: string): Promise<boolean> {
  return looking(url, async (channel) => {
    for (;;) {
      const message = await channel.get(deadQueue, { noAck: false })
      if (message === false) return false
      const letter = toDeadLetter(message)
      if (letter.id !== id) continue
      if (letter.queue === null) return false
      await confirmed(channel, { queue: letter.queue, body: message.content, id })
      channel.ack(message)
      return true
    }
  })
}

/** What was looked at and not acknowledged goes back to its place when the channel closes. */
async function looking<T>(url: string, look: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
  const connection = await connect(rabbitMqUrl(url).url, { timeout: 5000 })
  connection.on('error', () => {}) // What is under way rejects with it.
  try {
    const channel = await connection.createConfirmChannel()
    channel.on('error', () => {}) // As above.
    const found = await look(channel)
    await channel.close()
    return found
  } finally {
    await connection.close().catch(() => {}) // It ended with the error that is on its way up.
  }
}

function confirmed(
  channel: ConfirmChannel,
  { queue, body, id }: { queue: QueueName; body: Buffer; id: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { mandatory: true, persistent: true, messageId: id }
    channel.once('return', () => {
      reject(new Error(`RabbitMQ has no queue "${queue}"; the dead message stays where it is`))
    })
    channel.publish('', queue, body, options, (failure: unknown) => {
      if (failure === null) resolve()
      else reject(new Error(`RabbitMQ did not confirm for "${queue}"`, { cause: failure }))
    })
  })
}

function toDeadLetter({ properties, content }: Message): DeadLetter {
  const headers: Headers = properties.headers ?? {}
  const death = lastDeath(headers)
  const reason = word(headers, headerNames.reason) ?? word(death, 'reason') ?? 'unknown'
  return {
    id: idOf(properties.messageId, content),
    queue: toQueueName(word(headers, headerNames.queue) ?? word(death, 'queue')),
    reason: backstopReasons.get(reason) ?? reason,
    diedMs: count(headers, headerNames.diedMs),
    tries: count(headers, headerNames.tries) ?? 0,
    body: content.toString('utf8'),
  }
}

/** RabbitMQ's own words, when it was not us who buried it. */
const backstopReasons: ReadonlyMap<string, string> = new Map([
  ['delivery_limit', 'it ended the process of its worker again and again'],
  ['expired', 'expired in the queue'],
])

/** The newest comes first. A retry queue's letting go of it is a death, too, hence not the first one. */
function lastDeath(headers: Headers): Headers {
  const deaths: unknown = headers['x-death']
  const last: unknown = Array.isArray(deaths) ? deaths[0] : null
  return typeof last === 'object' && last !== null ? { ...last } : {}
}

function toQueueName(name: string | null): QueueName | null {
  return queueNames.find((queue) => queue === name) ?? null
}

/** A foreign publisher may name nothing, or what no URL can carry: then what it says names it. */
function idOf(messageId: unknown, body: Buffer): string {
  if (typeof messageId === 'string' && /^[\w-]{1,64}$/.test(messageId)) return messageId
  return createHash('sha256').update(body).digest('hex').slice(0, 32)
}
