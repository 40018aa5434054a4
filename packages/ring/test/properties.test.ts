import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Call, type CallInput, type Effect, isOver, step } from '../src/index.ts'
import { anaCalls, expiresAtMs, frozen, play, startedAtMs } from './calls.ts'

const everybody = ['ana', 'bob', 'carol', 'dave', 'mallory'] as const

const anyCall = fc
  .subarray(['bob', 'carol', 'dave'], { minLength: 1 })
  .map((calleeIds) => anaCalls(...calleeIds))

// Mostly while it rings, often around the expiry, in no order: late, early and reordered inputs.
const anyAtMs = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: startedAtMs, max: expiresAtMs - 1 }) },
  { weight: 1, arbitrary: fc.integer({ min: expiresAtMs - 1, max: expiresAtMs + 1 }) },
  { weight: 1, arbitrary: fc.integer({ min: startedAtMs - 60_000, max: expiresAtMs + 60_000 }) },
)

const anyInput: fc.Arbitrary<CallInput> = fc.oneof(
  fc.record({
    type: fc.constant('accept' as const),
    userId: fc.constantFrom(...everybody),
    deviceId: fc.constantFrom('laptop', 'phone', null),
    atMs: anyAtMs,
  }),
  fc.record({
    type: fc.constantFrom('decline', 'decline', 'busy'),
    userId: fc.constantFrom(...everybody),
    atMs: anyAtMs,
  }),
  fc.record({
    type: fc.constantFrom('end', 'end', 'cancel'),
    userId: fc.constantFrom(...everybody),
    atMs: anyAtMs,
  }),
  fc.record({ type: fc.constant('timeout' as const), atMs: anyAtMs }),
)

const anyInputs = fc.array(anyInput, { maxLength: 12 })
const finalTimeout = { type: 'timeout', atMs: expiresAtMs } as const
const finalEnd = { type: 'end', userId: 'ana', atMs: expiresAtMs } as const
const runs = { numRuns: 2_000 }

function lifeOf(start: ReturnType<typeof anaCalls>, inputs: readonly CallInput[]) {
  const { call, effects } = play(start.call, inputs)
  return { call, effects: [...start.effects, ...effects] }
}

function stops(effects: readonly Effect[]) {
  return effects.filter((effect) => effect.type === 'stop')
}

function ringing(call: Call): string[] {
  return call.callees.filter((callee) => callee.state === 'ringing').map((callee) => callee.id)
}

test('a call that is over stays as it is, and nobody hears of it again', () => {
  fc.assert(
    fc.property(anyCall, anyInputs, anyInputs, (start, inputs, later) => {
      const { call } = lifeOf(start, [...inputs, finalTimeout, finalEnd])
      expect(isOver(call.state)).toBe(true)
      expect(play(call, later)).toEqual({ call, effects: [] })
    }),
    runs,
  )
})

test('a call rings once, is answered once at most, and hung up once at most', () => {
  fc.assert(
    fc.property(anyCall, anyInputs, (start, inputs) => {
      const { call, effects } = lifeOf(start, inputs)
      const answers = stops(effects).filter((effect) => effect.reason === 'accepted')
      const answered = call.callees.filter((callee) => callee.state === 'accepted')
      expect(effects.filter((effect) => effect.type === 'ring')).toHaveLength(1)
      expect(answers.length).toBeLessThanOrEqual(1)
      expect(answered.map((callee) => [callee.id, callee.deviceId])).toEqual(
        answers.map((effect) => [effect.userId, effect.exceptDeviceId]),
      )
      expect(effects.filter((effect) => effect.type === 'hang-up')).toHaveLength(
        call.state === 'ended' ? 1 : 0,
      )
    }),
    runs,
  )
})

test('at every moment, who was told to ring and not yet to stop is exactly who rings', () => {
  fc.assert(
    fc.property(anyCall, anyInputs, (start, inputs) => {
      let call = start.call
      const bells = new Set(ringing(call))
      for (const input of inputs) {
        const { call: next, effects } = play(call, [input])
        for (const effect of stops(effects)) {
          expect(effect.calleeIds).not.toHaveLength(0)
          for (const id of effect.calleeIds) expect(bells.delete(id), `${id} rings`).toBe(true)
        }
        expect(ringing(next)).toEqual([...bells])
        expect(bells.size > 0).toBe(next.state === 'ringing')
        call = next
      }
    }),
    runs,
  )
})

test('once the timer has fired, nothing rings and every callee was told to stop once', () => {
  fc.assert(
    fc.property(anyCall, anyInputs, (start, inputs) => {
      const { call, effects } = lifeOf(start, [...inputs, finalTimeout])
      const stopped = stops(effects).flatMap((effect) => effect.calleeIds)
      expect(call.state).not.toBe('ringing')
      expect(ringing(call)).toEqual([])
      expect(stopped.sort()).toEqual(call.callees.map((callee) => callee.id).sort())
    }),
    runs,
  )
})

test('nobody reads "missed" about a call that was answered', () => {
  fc.assert(
    fc.property(anyCall, anyInputs, (start, inputs) => {
      const { call, effects } = lifeOf(start, [...inputs, finalTimeout])
      const reasons = new Set(stops(effects).map((effect) => effect.reason))
      const states = new Set(call.callees.map((callee) => callee.state))
      expect(reasons.has('accepted') && reasons.has('missed')).toBe(false)
      expect(states.has('accepted') && states.has('missed')).toBe(false)
      expect(states.has('accepted')).toBe(call.acceptedAtMs !== null)
    }),
    runs,
  )
})

test('nothing is answered, declined or cancelled once the ring has run out', () => {
  const late = fc.integer({ min: expiresAtMs, max: expiresAtMs + 60_000 })
  const lateInput = fc.tuple(anyInput, late).map(([input, atMs]) => ({ ...input, atMs }))
  fc.assert(
    fc.property(anyCall, fc.array(lateInput), (start, inputs) => {
      const { call } = lifeOf(start, inputs)
      const timedOut = inputs.some((input) => input.type === 'timeout')
      expect(call.state).toBe(timedOut ? 'missed' : 'ringing')
    }),
    runs,
  )
})

test('the same inputs give the same call and the same effects', () => {
  fc.assert(
    fc.property(anyCall, anyInputs, (start, inputs) => {
      expect(lifeOf(start, inputs)).toEqual(lifeOf(start, inputs))
    }),
    runs,
  )
})

test('an input that was taken once changes nothing when it comes again, however much later', () => {
  fc.assert(
    fc.property(anyCall, anyInputs, anyInputs, (start, inputs, between) => {
      let call = start.call
      const taken: CallInput[] = []
      for (const input of [...inputs, ...between]) {
        const outcome = step(call, input)
        if (outcome.kind === 'refused') continue
        call = frozen(outcome.call)
        taken.push(input)
      }
      expect(play(call, taken)).toEqual({ call, effects: [] })
    }),
    runs,
  )
})

test('delivering every input twice in a row is the same as delivering it once', () => {
  fc.assert(
    fc.property(anyCall, anyInputs, (start, inputs) => {
      const twice = inputs.flatMap((input) => [input, input])
      expect(lifeOf(start, twice)).toEqual(lifeOf(start, inputs))
    }),
    runs,
  )
})

test('a call and each callee only ever move forward, and the revision counts the moves', () => {
  const after = {
    ringing: ['accepted', 'declined', 'busy', 'cancelled', 'missed'],
    accepted: ['ended'],
    declined: [],
    busy: [],
    cancelled: [],
    missed: [],
    ended: [],
  } as const
  fc.assert(
    fc.property(anyCall, anyInputs, (start, inputs) => {
      let call = start.call
      for (const input of inputs) {
        const outcome = step(call, input)
        if (outcome.kind === 'refused') continue
        const next = outcome.call
        if (next !== call) expect(next.revision).toBe(call.revision + 1)
        expect(outcome.effects).toHaveLength(next === call ? 0 : 1)
        if (next.state !== call.state) expect(after[call.state]).toContain(next.state)
        for (const [index, callee] of next.callees.entries()) {
          const before = call.callees[index]
          expect(callee.id).toBe(before?.id)
          if (before?.state !== 'ringing') expect(callee).toEqual(before)
        }
        call = frozen(next)
      }
    }),
    runs,
  )
})

test('times never run backwards, whatever the clocks of the processes say', () => {
  fc.assert(
    fc.property(anyCall, anyInputs, (start, inputs) => {
      const { call } = lifeOf(start, inputs)
      const times = [call.startedAtMs, call.acceptedAtMs, call.endedAtMs]
      const known = times.filter((atMs) => atMs !== null)
      expect(known).toEqual(known.toSorted((a, b) => a - b))
      expect(call.endedAtMs !== null).toBe(isOver(call.state))
    }),
    runs,
  )
})

test('when everybody turns the call away, the order does not matter', () => {
  const away = fc.constantFrom('decline' as const, 'busy' as const)
  const everyAnswer = fc.record({ bob: away, carol: away, dave: away })
  const anyOrder = fc.shuffledSubarray(['bob', 'carol', 'dave'] as const, { minLength: 3 })
  fc.assert(
    fc.property(everyAnswer, anyOrder, (answers, order) => {
      const inputs = order.map((userId) => ({ type: answers[userId], userId, atMs: startedAtMs }))
      const { call } = lifeOf(anaCalls('bob', 'carol', 'dave'), inputs)
      const someDeclined = Object.values(answers).includes('decline')
      expect(call.state).toBe(someDeclined ? 'declined' : 'busy')
    }),
  )
})
