import type { EntryOf } from '../checker/log-entry.ts'
import { ask, at, type Answer } from '../../support/ask.ts'
import type { BelfryNode } from './belfry-node.ts'
import type { EventRecorder } from './event-recorder.ts'
import { until } from './until.ts'

export interface Person {
  readonly id: string
  readonly token: string
}

export interface Doing {
  readonly action: EntryOf<'invoke'>['action']
  readonly subject: string
  readonly to?: readonly string[]
  readonly replaces?: string
  readonly method: string
  readonly path: string
  readonly body?: unknown
}

/** What came of it. `refused`: it did not happen. `unknown`: it may have happened. */
export type Done =
  | { readonly kind: 'ok'; readonly answer: Answer }
  | { readonly kind: 'refused'; readonly answer: Answer }
  /** `answer`: a 5xx; null: none. */
  | { readonly kind: 'unknown'; readonly answer: Answer | null }

/** A client that writes down what it asks and what it is told. */
export interface ApiClient {
  /** Asks that node once. */
  once(node: BelfryNode, person: Person, doing: Doing): Promise<Done>
  /** Asks one node after the other until one says yes, or no for good (4xx). For what may be asked twice. */
  insist(person: Person, doing: Doing): Promise<Answer>
}

export interface ApiClientOptions {
  readonly recorder: EventRecorder
  readonly nodes: readonly BelfryNode[]
  readonly random: () => number
  /** Aborted: nobody insists any more. */
  readonly signal: AbortSignal
}

/** Longer than any answer may take. */
const patienceMs = 12_000

export function createApiClient(options: ApiClientOptions): ApiClient {
  const { recorder, nodes, random, signal } = options
  let asked = 0

  async function once(node: BelfryNode, person: Person, doing: Doing): Promise<Done> {
    asked += 1
    const op = `o${asked}`
    const { action, subject, to = [], replaces = null, ...question } = doing
    const by = person.id
    const process = node.name
    recorder.write({ kind: 'invoke', op, action, by, subject, to: [...to], replaces, process })
    let answer: Answer
    try {
      answer = await inTime(ask(node.url, person.token, question))
    } catch (cause) {
      const reason = cause === tooLate ? 'timeout' : 'disconnected'
      recorder.write({ kind: 'info', op, reason })
      return { kind: 'unknown', answer: null }
    }
    const { status, headers, text } = answer
    if (status >= 300) {
      const retryAfter = headers.get('retry-after')
      const retryAfterSeconds = retryAfter === null ? null : Number(retryAfter)
      recorder.write({ kind: 'fail', op, status, retryAfterSeconds, text })
      // What the store did not confirm it may have kept.
      return { kind: status >= 500 ? 'unknown' : 'refused', answer }
    }
    recorder.write({ kind: 'ok', op, status, ...resultOf(action, answer.body) })
    return { kind: 'ok', answer }
  }

  return {
    once,
    async insist(person, doing) {
      const answers: Answer[] = []
      await until(`${doing.action} ${doing.subject} is answered`, async () => {
        if (signal.aborted) return true
        const node = nodes[Math.floor(random() * nodes.length)]
        if (node === undefined) return false
        const done = await once(node, person, doing)
        if (done.kind !== 'unknown') answers.push(done.answer)
        return done.kind !== 'unknown'
      })
      const [answer] = answers
      if (answer === undefined) throw new Error('the run is over')
      return answer
    },
  }
}

const tooLate = new Error('no answer')

async function inTime(asking: Promise<Answer>): Promise<Answer> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(tooLate), patienceMs)
  try {
    return await Promise.race([asking, promise])
  } finally {
    clearTimeout(timer)
  }
}

function resultOf(
  action: Doing['action'],
  body: unknown,
): { id?: string; state?: string; expiresAtMs?: number } {
  switch (action) {
    case 'send':
      return { id: `chat:${String(at(body, 'conversationId'))}:${String(at(body, 'id'))}` }
    case 'call':
      return {
        id: String(at(body, 'sessionId')),
        expiresAtMs: Date.parse(String(at(body, 'ringExpiresAt'))),
      }
    case 'look':
      return { state: String(at(body, 'state')) }
    case 'subscribe':
      return { id: String(at(body, 'id')) }
    case 'end':
    case 'unsubscribe':
    case 'poison':
    case 'other':
      return {}
  }
}
