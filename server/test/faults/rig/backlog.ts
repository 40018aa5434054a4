import { at } from '../../support/ask.ts'
import { chatFrom, publishEvents } from './exchange.ts'
import type { FaultRig } from './fault-rig.ts'
import { question, ring, type Pair } from './people.ts'
import { until } from './until.ts'

/** What came of a call behind so many messages. */
export interface BehindBacklog {
  /** Pushes that came from the start of the workers until the ring was on every device. */
  readonly pushesBefore: number
  /** From the answer to the call until the ring was on every device, milliseconds. */
  readonly ringMs: number
}

export interface Backlog {
  readonly size: number
  /** In turn the recipients, with one device each. */
  readonly crowd: readonly Pair[]
  /** Of the crowd so many have muted their conversation: what is for them ends in the ledger, without a push. */
  readonly muted: number
  /** And so many write to themselves alone: such a message waits like any other, and nobody is sent it. */
  readonly alone: number
}

/** Published before it is drained: memory holds no more than this at once. */
const batch = 10_000

/**
 * Fills the lane of chat while no worker runs, starts them, and calls. Resolves once it rings; the backlog goes on
 * draining.
 */
export async function callBehindBacklog(
  rig: FaultRig,
  { size, crowd, muted, alone }: Backlog,
  caller: Pair,
): Promise<BehindBacklog> {
  const { workers, client, devices, people } = rig
  for (const { other, conversationId } of crowd.slice(0, muted)) {
    const wishes = { muted: [{ conversationId, until: null }] }
    await client.insist(other, question('PUT', '/api/notification-preferences', wishes))
  }
  for (const worker of workers) worker.signal('SIGTERM')
  await Promise.all(workers.map((worker) => worker.ended()))
  for (let begin = 0; begin < size; begin += batch) {
    const numbers = Array.from({ length: Math.min(batch, size - begin) }, (_, n) => begin + n)
    await publishEvents(
      rig,
      numbers.flatMap((n) => {
        const pair = crowd[n % crowd.length]
        if (pair === undefined) return []
        const event = chatFrom(pair, `backlog-${n}`, rig.canary)
        const place = n % crowd.length
        const isAlone = place >= muted && place < muted + alone
        return [isAlone ? { ...event, recipientIds: [] } : event]
      }),
    )
  }
  const before = devices.count()
  for (const worker of workers) await worker.start()
  const answer = await client.insist(caller.one, ring(caller, 'behind the backlog'))
  const answeredMs = performance.now()
  const sessionId = String(at(answer.body, 'sessionId'))
  const called = people.devicesOf(caller.other)
  await until('the call rings', () =>
    called.every((device) => devices.has(device, 'incoming_call', sessionId)),
  )
  return { pushesBefore: devices.count() - before, ringMs: performance.now() - answeredMs }
}

/** Resolves once all that somebody is to be sent was pushed. The rest is gone when the run is quiet. */
export function untilPushed(
  rig: FaultRig,
  { size, crowd, muted, alone }: Backlog,
  withinMs: number,
): Promise<void> {
  let next = 0
  const isThere = (n: number) => {
    const pair = crowd[n % crowd.length]
    if (pair === undefined || n % crowd.length < muted + alone) return true
    const owed = rig.people.devicesOf(pair.other)
    return owed.every((device) => rig.devices.has(device, 'chat_message', `backlog-${n}`))
  }
  return until(
    'the backlog is pushed',
    () => {
      while (next < size && isThere(next)) next += 1
      return next === size
    },
    { withinMs, everyMs: 250 },
  )
}
