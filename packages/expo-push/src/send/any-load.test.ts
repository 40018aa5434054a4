import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { refusal, takesAll, type Answer, type SeenRequest } from '../../test/fake-expo.ts'
import type { Outcome } from '../index.ts'
import { chatTo, startSender, tokenOf } from '../../test/start-sender.ts'

const projects = [null, 'chat-app', 'call-app', 'shop-app'] as const

/** Sends of one moment. */
const burst = fc.record({
  atMs: fc.integer({ min: 0, max: 2500 }),
  count: fc.integer({ min: 1, max: 260 }),
  project: fc.constantFrom(...projects),
  pace: fc.constantFrom('ring', 'patient', 'patient'),
} as const)

const load = fc.array(burst, { minLength: 1, maxLength: 8 })

type Trouble = 'none' | 'unavailable' | 'too many' | 'silent' | 'page' | 'few'
const trouble = fc.constantFrom<Trouble>(
  'none',
  'none',
  'none',
  'unavailable',
  'too many',
  'silent',
  'page',
  'few',
)

const answerTo = (request: SeenRequest, kind: Trouble, afterMs: number): Answer | undefined => {
  const all = { ...takesAll(request), afterMs }
  switch (kind) {
    case 'none':
      return all
    case 'unavailable':
      return { status: 503, text: '', afterMs }
    case 'too many':
      return { ...refusal(429, 'TOO_MANY_REQUESTS'), headers: { 'retry-after': '1' }, afterMs }
    case 'silent':
      return undefined
    case 'page':
      return { text: '<html>Sign in to the airport</html>', afterMs }
    case 'few':
      return { ...takesAll({ ...request, messages: request.messages.slice(1) }), afterMs }
  }
}

interface Run {
  readonly bursts: readonly {
    readonly atMs: number
    readonly count: number
    readonly project: string | null
    readonly pace: 'ring' | 'patient'
  }[]
  readonly maxPerSecond: number
  readonly troubles: readonly Trouble[]
  readonly latencies: readonly number[]
}

/** Sends it all, and tells what Expo saw and what became of each. */
const run = async ({ bursts, maxPerSecond, troubles, latencies }: Run) => {
  const projectOf = new Map<string, string | null>()
  let count = 0
  const mayHaveArrived: string[] = []
  const started = startSender(
    (request) => {
      const kind = troubles[count % troubles.length] ?? 'none'
      const afterMs = latencies[count % latencies.length] ?? 0
      count++
      const isRefused = kind === 'unavailable' || kind === 'too many'
      if (!isRefused) mayHaveArrived.push(...request.messages.map(({ id }) => id))
      return answerTo(request, kind, afterMs)
    },
    { maxPerSecond },
  )
  const { sender, clock, expo } = started
  const startMs = clock.now()
  const results: Promise<{ name: string; outcome: Outcome; tookMs: number }>[] = []
  const sendBurst = (index: number, { count: size, project, pace }: Run['bursts'][number]) => {
    for (let n = 0; n < size; n++) {
      const name = `${index}-${n}`
      projectOf.set(tokenOf(name), project)
      const sentAtMs = clock.now()
      const sending = sender.send(chatTo(name, { projectId: project, pace }))
      results.push(sending.then((outcome) => ({ name, outcome, tookMs: clock.now() - sentAtMs })))
    }
  }
  const ordered = [...bursts].sort((a, b) => a.atMs - b.atMs)
  for (const [index, one] of ordered.entries()) {
    await clock.pass(Math.max(0, startMs + one.atMs - clock.now()))
    sendBurst(index, one)
  }
  const outcomes = await clock.finish(Promise.all(results))
  const underWayAtTheEnd = expo.underWay()
  await clock.finish(sender.close())
  const { requests } = expo
  return { outcomes, requests, expo, projectOf, clock, underWayAtTheEnd, mayHaveArrived }
}

/** Requests are in the order of time. */
const mostInASecond = (requests: readonly SeenRequest[]): number => {
  let most = 0
  for (const [index, { atMs }] of requests.entries()) {
    let inThisSecond = 0
    for (const later of requests.slice(index)) {
      if (later.atMs >= atMs + 1000) break
      inThisSecond += later.messages.length
    }
    most = Math.max(most, inThisSecond)
  }
  return most
}

test('whatever is sent, no request breaks a rule of Expo and every ticket finds its push', async () => {
  await fc.assert(
    fc.asyncProperty(
      load,
      fc.integer({ min: 60, max: 500 }),
      fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 5 }),
      async (bursts, maxPerSecond, latencies) => {
        const ran = await run({ bursts, maxPerSecond, latencies, troubles: ['none'] })
        for (const { messages } of ran.requests) {
          expect(messages.length).toBeLessThanOrEqual(100)
          expect(new Set(messages.map(({ to }) => ran.projectOf.get(to))).size).toBe(1)
        }
        expect(ran.expo.busiest()).toBeLessThanOrEqual(6)
        expect(mostInASecond(ran.requests)).toBeLessThanOrEqual(maxPerSecond)
        const sent = ran.requests.flatMap(({ messages }) => messages.map(({ id }) => id))
        const isSent = new Set(sent)
        expect(isSent.size).toBe(sent.length)
        for (const { name, outcome } of ran.outcomes) {
          if (outcome.kind === 'accepted') expect(outcome.ticketId).toBe(`ticket-${name}`)
          else {
            // Too much for its ten seconds: whether it left is known.
            const ambiguous = isSent.has(name)
            expect(outcome).toEqual({ kind: 'retry', reason: 'timeout', ambiguous })
          }
        }
        expect(ran.clock.pending()).toBe(0)
      },
    ),
    { numRuns: 60 },
  )
}, 60_000)

test('whatever Expo does, every push has one outcome within its deadline and none can arrive twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      load,
      fc.array(trouble, { minLength: 1, maxLength: 12 }),
      fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 5 }),
      async (bursts, troubles, latencies) => {
        const ran = await run({ bursts, troubles, latencies, maxPerSecond: 500 })
        expect(new Set(ran.mayHaveArrived).size).toBe(ran.mayHaveArrived.length)
        expect(ran.expo.busiest()).toBeLessThanOrEqual(6)
        expect(mostInASecond(ran.requests)).toBeLessThanOrEqual(500)
        for (const { name, outcome, tookMs } of ran.outcomes) {
          expect(tookMs).toBeLessThanOrEqual(10_000)
          if (outcome.kind === 'accepted') {
            // With tickets missing, what the others say can no longer be checked by their place.
            if (!troubles.includes('few')) expect(outcome.ticketId).toBe(`ticket-${name}`)
          } else expect(outcome.kind).toBe('retry')
        }
        expect(ran.underWayAtTheEnd).toBe(0)
        expect(ran.clock.pending()).toBe(0)
      },
    ),
    { numRuns: 60 },
  )
}, 60_000)
