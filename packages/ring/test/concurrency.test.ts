import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Call, type CallInput, type Effect, step } from '../src/index.ts'
import { anaCalls, expiresAtMs, startedAtMs } from './calls.ts'

/** A store with the one operation that a call needs, and no lock. */
function callStore(call: Call) {
  let stored = call
  const published: Effect[] = []
  return {
    read: () => Promise.resolve(stored),
    compareAndSet: (next: Call, options: { revision: number; effects: readonly Effect[] }) => {
      if (stored.revision !== options.revision) return Promise.resolve(false)
      stored = next
      published.push(...options.effects)
      return Promise.resolve(true)
    },
    outcome: () => ({ call: stored, published }),
  }
}

/** What each process of the server does with an input: read, step, compare-and-set, until it holds. */
async function deliver(store: ReturnType<typeof callStore>, input: CallInput): Promise<string> {
  const call = await store.read()
  const outcome = step(call, input)
  if (outcome.kind === 'refused') return outcome.code
  if (outcome.call === call) return 'unchanged'
  const { effects } = outcome
  const won = await store.compareAndSet(outcome.call, { revision: call.revision, effects })
  return won ? 'moved' : deliver(store, input)
}

const atMs = startedAtMs + 1_000
const racers = [
  { type: 'accept', userId: 'bob', deviceId: 'laptop', atMs },
  { type: 'accept', userId: 'bob', deviceId: 'phone', atMs },
  { type: 'accept', userId: 'carol', deviceId: 'laptop', atMs },
  { type: 'decline', userId: 'bob', atMs },
  { type: 'decline', userId: 'carol', atMs },
  { type: 'busy', userId: 'carol', atMs },
  { type: 'cancel', userId: 'ana', atMs },
  { type: 'timeout', atMs: expiresAtMs },
  { type: 'timeout', atMs: expiresAtMs + 1 },
] as const satisfies readonly CallInput[]

test('however the processes interleave, one outcome wins and each callee is told to stop once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.shuffledSubarray([...racers], { minLength: 2 }),
      async (scheduler, inputs) => {
        const store = callStore(anaCalls('bob', 'carol').call)
        const slow = {
          ...store,
          read: scheduler.scheduleFunction(store.read),
          compareAndSet: scheduler.scheduleFunction(store.compareAndSet),
        }
        const deliveries = inputs.map((input) => deliver(slow, input))
        await scheduler.waitFor(Promise.all(deliveries))
        await deliver(store, { type: 'timeout', atMs: expiresAtMs })

        const { call, published } = store.outcome()
        const stopped = published.flatMap((effect) =>
          effect.type === 'stop' ? effect.calleeIds : [],
        )
        expect(call.state).not.toBe('ringing')
        expect(stopped.sort()).toEqual(['bob', 'carol'])
        expect(call.revision).toBe(published.length)
      },
    ),
    { numRuns: 500 },
  )
})

test('two callees who decline at the same moment end the call, though each read it ringing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const store = callStore(anaCalls('bob', 'carol').call)
      const slow = { ...store, read: scheduler.scheduleFunction(store.read) }
      const both = [racers[3], racers[4]].map((input) => deliver(slow, input))
      await scheduler.waitFor(Promise.all(both))
      expect(store.outcome().call.state).toBe('declined')
    }),
  )
})
