import type { Db } from 'mongodb'
import { readFileSync } from 'node:fs'
import { deadQueue, queueDeclarations } from '../../../src/broker/rabbitmq/topology.ts'
import { headerNames } from '../../../src/broker/rabbitmq/message-headers.ts'
import { toStoredCall } from '../../../src/store/mongodb/call-document.ts'
import { toDelivery } from '../../../src/store/mongodb/delivery-document.ts'
import { at } from '../../support/ask.ts'
import { onChannel } from '../../rabbitmq/raw-rabbitmq.ts'
import type { RabbitMq } from '../../rabbitmq/start-rabbitmq.ts'
import type { BelfryNode } from './belfry-node.ts'
import type { EventRecorder } from './event-recorder.ts'
import { until } from './until.ts'

export interface Observed {
  readonly db: Db
  readonly rabbitMq: RabbitMq
  readonly nodes: readonly BelfryNode[]
  readonly recorder: EventRecorder
}

/** Waits until nothing is open any more, and writes down what is left then, or when the patience is over. */
export async function quiesce(observed: Observed, withinMs: number): Promise<void> {
  let left: Record<string, number> = { 'anything that could be looked at': 1 }
  const isQuiet = () => Object.values(left).every((count) => count === 0)
  await until(
    'the run is quiet',
    async () => {
      left = await countOpen(observed)
      if (!isQuiet()) return false
      // What a worker has in hand only RabbitMQ itself knows, and it takes a second to say so.
      left = { ...left, ...(await countUnacked(observed.rabbitMq)) }
      return isQuiet()
    },
    { withinMs, everyMs: 250 },
  ).catch(() => {}) // What is left is in the log, and the checker's to judge.
  observed.recorder.write({ kind: 'quiesced', left })
}

async function countOpen({ db, rabbitMq }: Observed): Promise<Record<string, number>> {
  const waits = { pendingSinceMs: { $exists: true } }
  const [messages, calls, ringing, deliveries, queued] = await Promise.all([
    db.collection('messages').countDocuments(waits),
    db.collection('calls').countDocuments(waits),
    db.collection('calls').countDocuments({ state: 'ringing' }),
    db.collection('deliveries').countDocuments({ state: { $in: ['claimed', 'retry'] } }),
    queueLengths(rabbitMq.url),
  ])
  const waiting = [...queued].filter(([name]) => isServed(name))
  const messagesQueued = waiting.reduce((sum, [, count]) => sum + count, 0)
  return { outbox: messages + calls, ringing, deliveries, queued: messagesQueued }
}

/** Lanes of roles that do not run here fill, as they must. */
function isServed(queue: string): boolean {
  return queue.startsWith('web-push.')
}

/** Ready messages, by queue. */
export function queueLengths(url: string): Promise<Map<string, number>> {
  return onChannel(url, async (channel) => {
    const counts = new Map<string, number>()
    for (const { name } of queueDeclarations()) {
      counts.set(name, (await channel.checkQueue(name)).messageCount)
    }
    return counts
  })
}

async function countUnacked(rabbitMq: RabbitMq): Promise<Record<string, number>> {
  const unacked = [...(await unackedByQueue(rabbitMq))].filter(([name]) => isServed(name))
  return { unacked: unacked.reduce((sum, [, count]) => sum + count, 0) }
}

/** Messages in the hands of workers, by queue, as RabbitMQ counted them some seconds ago. */
export async function unackedByQueue(rabbitMq: RabbitMq): Promise<Map<string, number>> {
  const lines = (await rabbitMq.ctl('list_queues', 'name', 'messages_unacknowledged')).split('\n')
  return new Map(
    lines.map((line) => {
      const [name = '', count] = line.split('\t')
      return [name, Number(count) || 0]
    }),
  )
}

/** Everything that can be seen at the end, into the log. */
export async function observe(observed: Observed): Promise<void> {
  const { rabbitMq, recorder } = observed
  await observeStore(observed)
  for (const [name, messages] of await queueLengths(rabbitMq.url)) {
    if (isServed(name) || name === deadQueue) recorder.write({ kind: 'queue', name, messages })
  }
  await observeDead(observed)
  for (const node of observed.nodes) {
    recorder.write({
      kind: 'text',
      process: node.name,
      what: 'log',
      text: readFileSync(node.logFile, 'utf8'),
    })
    if (node.role !== 'api' || node.pid === null) continue
    const metrics = await fetch(`${node.url}/metrics`)
    const text = await metrics.text()
    recorder.write({ kind: 'text', process: node.name, what: 'metrics', text })
  }
}

async function observeStore({ db, recorder }: Observed): Promise<void> {
  for await (const document of db.collection('deliveries').find()) {
    const { id, eventId, ownerId: owner, deviceRowId: row, state, reason } = toDelivery(document)
    recorder.write({ kind: 'delivery', id, eventId, owner, row, state, reason })
  }
  for await (const document of db.collection('messages').find()) {
    const id = `chat:${String(at(document, 'conversationId'))}:${String(at(document, 'id'))}`
    const key = String(at(document, 'clientMessageId'))
    recorder.write({ kind: 'stored', what: 'message', id, key, state: null, to: [] })
  }
  for await (const document of db.collection('calls').find()) {
    const { call } = toStoredCall(document)
    const to = call.callees.map((callee) => callee.id)
    const { sessionId: id, state } = call
    recorder.write({ kind: 'stored', what: 'call', id, key: null, state, to })
  }
}

const most = 1000

/** They stay where they are. */
function observeDead({ rabbitMq, recorder }: Observed): Promise<void> {
  return onChannel(rabbitMq.url, async (channel) => {
    for (let n = 0; n < most; n += 1) {
      const message = await channel.get(deadQueue, { noAck: false })
      if (message === false) return
      const { headers } = message.properties
      const reason = at(headers, headerNames.reason) ?? at(headers, 'x-death', 0, 'reason')
      const subject: unknown = message.properties.messageId
      recorder.write({
        kind: 'dead',
        reason: typeof reason === 'string' ? reason : '',
        subject: typeof subject === 'string' && subject.startsWith('poison-') ? subject : null,
      })
    }
  })
}
