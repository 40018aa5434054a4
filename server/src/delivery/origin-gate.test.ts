import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createOriginGate, type OriginGate, type Place } from './origin-gate.ts'

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => void vi.useRealTimers())

const chat: Place = { origin: 'https://push', endpointHash: 'a', lane: 'chat' }
const at = (endpointHash: string, change: Partial<Place> = {}): Place => ({
  ...chat,
  endpointHash,
  ...change,
})

/** A request that goes on until it is told to end. */
function enter(gate: OriginGate, place: Place) {
  const { promise, resolve } = Promise.withResolvers<'done'>()
  let begun = false
  const entered = gate.enter(place, () => {
    begun = true
    return promise
  })
  return { entered, end: () => resolve('done'), begun: () => begun }
}

const settle = () => vi.advanceTimersByTimeAsync(0)

test('one request in flight an endpoint, in the order they came', async () => {
  const gate = createOriginGate(Date.now)
  const first = enter(gate, chat)
  const second = enter(gate, chat)
  const third = enter(gate, chat)
  await settle()
  expect([first, second, third].map((each) => each.begun())).toEqual([true, false, false])
  first.end()
  await settle()
  expect([second, third].map((each) => each.begun())).toEqual([true, false])
  second.end()
  third.end()
  expect(await Promise.all([first.entered, second.entered, third.entered])).toEqual([
    'done',
    'done',
    'done',
  ])
})

test('other endpoints, and the ring of the same one, do not wait', async () => {
  const gate = createOriginGate(Date.now)
  const hanging = enter(gate, chat)
  const other = enter(gate, at('b'))
  const ring = enter(gate, at('a', { lane: 'calls' }))
  await settle()
  expect([other, ring].map((each) => each.begun())).toEqual([true, true])
  for (const each of [hanging, other, ring]) each.end()
})

test('who waits behind a request that hangs comes back later, and a ring sooner than a message', async () => {
  const gate = createOriginGate(Date.now)
  const hanging = enter(gate, chat)
  const waiting = enter(gate, chat)
  await vi.advanceTimersByTimeAsync(800)
  expect(await waiting.entered).toBe(Date.now() + 3000)
  expect(await enter(gate, chat).entered).toBe(Date.now() + 3000)

  const ring = enter(gate, at('a', { lane: 'calls' }))
  await vi.advanceTimersByTimeAsync(800)
  expect(await enter(gate, at('a', { lane: 'calls' })).entered).toBe(Date.now() + 500)
  hanging.end()
  ring.end()
  await settle()
  const again = enter(gate, chat)
  again.end()
  expect(await again.entered).toBe('done')
})

test('an endpoint that was silent is not waited for until it answers', async () => {
  const gate = createOriginGate(Date.now)
  gate.note(chat, 'silent')
  const first = enter(gate, chat)
  expect(await enter(gate, chat).entered).toBe(Date.now() + 3000)
  first.end()
  await settle()
  gate.note(chat, 'other')
  const second = enter(gate, chat)
  const third = enter(gate, chat)
  second.end()
  third.end()
  expect(await third.entered).toBe('done')
})

test('a push service that hangs as a whole takes its own places: who waits comes back, other services and rings are free', async () => {
  const gate = createOriginGate(Date.now)
  const hanging = Array.from({ length: 56 }, (_, n) => enter(gate, at(`hangs-${n}`)))
  const waiting = enter(gate, at('57th'))
  await vi.advanceTimersByTimeAsync(799)
  expect(waiting.begun()).toBe(false)
  await vi.advanceTimersByTimeAsync(2)
  expect(await waiting.entered).toBeGreaterThan(Date.now())
  expect(await enter(gate, at('58th')).entered).toBe(Date.now() + 3000)

  const elsewhere = enter(gate, at('x', { origin: 'https://elsewhere' }))
  const ring = enter(gate, at('y', { lane: 'calls' }))
  await settle()
  expect([elsewhere, ring].map((each) => each.begun())).toEqual([true, true])
  for (const each of [...hanging, elsewhere, ring]) each.end()
  await settle()
  const after = enter(gate, at('58th'))
  after.end()
  expect(await after.entered).toBe('done')
})

test('a push service that is only busy turns nobody away, however long the line', async () => {
  const gate = createOriginGate(Date.now)
  const busy = Array.from({ length: 500 }, (_, n) => enter(gate, at(`busy-${n}`)))
  for (const [n, each] of busy.entries()) {
    await vi.advanceTimersByTimeAsync(100)
    expect(each.begun()).toBe(true)
    gate.note(at(`busy-${n}`), 'accepted')
    each.end()
  }
  expect(await Promise.all(busy.map((each) => each.entered))).toEqual(
    Array.from({ length: 500 }, () => 'done'),
  )
})

test('who waits for a place of a busy service is not taken for slow', async () => {
  const gate = createOriginGate(Date.now)
  const busy = Array.from({ length: 56 }, (_, n) => enter(gate, at(`busy-${n}`)))
  const first = enter(gate, chat)
  const second = enter(gate, chat)
  for (let n = 0; n < 10; n += 1) {
    await vi.advanceTimersByTimeAsync(700)
    gate.note(at('busy-0'), 'accepted')
  }
  for (const each of busy) each.end()
  await settle()
  first.end()
  second.end()
  expect(await Promise.all([first.entered, second.entered])).toEqual(['done', 'done'])
})

test('429 from nine endpoints pauses nothing; from ten within ten seconds the origin pauses, for messages', async () => {
  const gate = createOriginGate(Date.now)
  for (let n = 0; n < 9; n += 1) gate.note(at(`limited-${n}`), 'rate_limited')
  gate.note(at('limited-0'), 'rate_limited')
  const before = enter(gate, at('x'))
  before.end()
  expect(await before.entered).toBe('done')

  gate.note(at('limited-9'), 'rate_limited')
  expect(await enter(gate, at('x')).entered).toBe(Date.now() + 10_000)
  const ring = enter(gate, at('x', { lane: 'calls' }))
  ring.end()
  expect(await ring.entered).toBe('done')
  await vi.advanceTimersByTimeAsync(10_000)
  const after = enter(gate, at('x'))
  after.end()
  expect(await after.entered).toBe('done')
})

test('a success between, or more than ten seconds, and the count begins anew', async () => {
  const gate = createOriginGate(Date.now)
  for (let n = 0; n < 9; n += 1) gate.note(at(`limited-${n}`), 'rate_limited')
  gate.note(at('good'), 'accepted')
  for (let n = 9; n < 18; n += 1) gate.note(at(`limited-${n}`), 'rate_limited')
  await vi.advanceTimersByTimeAsync(10_001)
  gate.note(at('limited-18'), 'rate_limited')
  const next = enter(gate, at('x'))
  next.end()
  expect(await next.entered).toBe('done')
})

test('a request that fails gives its place back', async () => {
  const gate = createOriginGate(Date.now)
  const failure = new Error('broken')
  await expect(gate.enter(chat, () => Promise.reject(failure))).rejects.toBe(failure)
  const next = enter(gate, chat)
  next.end()
  expect(await next.entered).toBe('done')
})
