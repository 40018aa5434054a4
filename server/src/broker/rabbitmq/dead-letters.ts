import type { Message } from 'amqplib'
import { deadEvent, knownQueue } from '../dead-letter.ts'
import type { DeadChoice, DeadLetter, DeadLetters, Replayed } from '../port.ts'
import { deadId } from './dead-id.ts'
import { atDeadDesk, type DeadDesk, type HandBack } from './dead-desk.ts'
import { count, headerNames, word, type Headers } from './message-headers.ts'

export interface RabbitMqDeadLettersOptions {
  /** Holds a password: never logged. */
  readonly url: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** RabbitMQ has so long for each answer. Default 4 s. */
  readonly answerWithinMs?: number
}

/** Held while others are looked for. A page of 2,000 is 2 MB as a rule. */
const mostHeld = 2000
/** More, AMQP has no number for. */
const mostPage = 65_535

/** Confirmed together, then taken from the dead together. */
const batchSize = 100

/** RabbitMQ knows no way to look into a queue but to take its messages and put them back. */
export function rabbitMqDeadLetters(options: RabbitMqDeadLettersOptions): DeadLetters {
  const desk = { answerWithinMs: 4000, ...options }
  return {
    list(wanted) {
      const pageSize = wanted.queue === undefined ? wanted.limit + 1 : mostHeld
      return atDeadDesk(
        { ...desk, pageSize: Math.min(pageSize, mostPage) },
        'list what is dead',
        (open) => list(open, wanted),
      )
    },
    replay: (choice) =>
      atDeadDesk({ ...desk, pageSize: mostHeld }, 'replay what is dead', (open) =>
        replay(open, choice),
      ),
  }
}

async function list(
  desk: DeadDesk,
  { limit, queue }: Parameters<DeadLetters['list']>[0],
): ReturnType<DeadLetters['list']> {
  const letters: DeadLetter[] = []
  for (let message = await desk.next(); message !== null; message = await desk.next()) {
    const letter = toDeadLetter(message)
    if (queue !== undefined && letter.queue !== queue) continue
    if (letters.length === limit) return { letters, more: true }
    letters.push(letter)
  }
  return { letters, more: false }
}

async function replay(desk: DeadDesk, { ids, queue }: DeadChoice): Promise<Replayed> {
  const missing = new Set(ids === 'all' ? [] : ids)
  const [replayed, stranded] = [new Set<string>(), new Set<string>()]
  let batch: HandBack[] = []
  async function handBack(): Promise<void> {
    if (batch.length > 0) await desk.handBack(batch)
    for (const { id } of batch) replayed.add(id)
    batch = []
  }
  for (let message = await desk.next(); message !== null; message = await desk.next()) {
    const letter = toDeadLetter(message)
    const { id } = letter
    // What was replayed a moment ago, and died again, keeps its id.
    const wanted = ids === 'all' ? !replayed.has(id) : missing.has(id)
    if (!wanted || (queue !== undefined && letter.queue !== queue)) continue
    missing.delete(id)
    if (letter.queue === null) stranded.add(id)
    else batch.push({ message, id, queue: letter.queue })
    if (batch.length === batchSize) await handBack()
    if (ids !== 'all' && missing.size === 0) break
  }
  await handBack()
  return { replayed: [...replayed], missing: [...missing], stranded: [...stranded] }
}

function toDeadLetter({ properties, content }: Message): DeadLetter {
  const headers: Headers = properties.headers ?? {}
  const death = lastDeath(headers)
  const reason = word(headers, headerNames.reason) ?? word(death, 'reason') ?? 'unknown'
  return {
    id: deadId(properties.messageId, content),
    queue: knownQueue(word(headers, headerNames.queue) ?? word(death, 'queue')),
    reason: backstopReasons.get(reason) ?? reason,
    diedMs: count(headers, headerNames.diedMs) ?? timeOf(death),
    tries: count(headers, headerNames.tries) ?? 0,
    event: deadEvent(content.toString('utf8')),
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

/** AMQP's timestamp, in seconds, as the driver gives it. */
function timeOf(death: Headers): number | null {
  const time: unknown = death['time']
  const seconds: unknown =
    typeof time === 'object' && time !== null && 'value' in time ? time.value : null
  return typeof seconds === 'number' && Number.isSafeInteger(seconds) ? seconds * 1000 : null
}
