import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLog } from '../observability/log.ts'
import { stopOnSignal } from './stop-on-signal.ts'

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => void vi.useRealTimers())

const log = createLog({ level: 'silent', format: 'json' })

function scene() {
  const exits: number[] = []
  let signal = () => {}
  const stop = stopOnSignal({
    onSignal: (told) => (signal = told),
    exit: (code) => exits.push(code),
  })
  const drained = Promise.withResolvers<void>()
  const stops: number[] = []
  const program = {
    stop() {
      stops.push(Date.now())
      return drained.promise
    },
  }
  return { exits, stop, program, stops, drained, signal: () => signal() }
}

test('a running program is drained, and then ends with 0', async () => {
  const { exits, stop, program, stops, drained, signal } = scene()
  stop.started(program, log)
  signal()
  expect(stops).toHaveLength(1)
  expect(exits).toEqual([])
  drained.resolve()
  await vi.advanceTimersByTimeAsync(0)
  expect(exits).toEqual([0])
})

test('a drain that fails, or does not end within ten seconds, ends with 1', async () => {
  for (const fails of [true, false]) {
    const { exits, stop, program, drained, signal } = scene()
    stop.started(program, log)
    signal()
    if (fails) drained.reject(new Error('the disk is gone'))
    await vi.advanceTimersByTimeAsync(fails ? 0 : 10_000)
    expect(exits).toEqual([1])
  }
})

test('a signal before the start is done breaks it off; what got ready meanwhile is drained', async () => {
  const { exits, stop, program, stops, drained, signal } = scene()
  expect(stop.asked.aborted).toBe(false)
  signal()
  expect(stop.asked.aborted).toBe(true)
  stop.started(program, log)
  expect(stops).toHaveLength(1)
  drained.resolve()
  await vi.advanceTimersByTimeAsync(9999)
  expect(exits).toEqual([0])
})

test('a start that hangs is left after two seconds, with 0', async () => {
  const { exits, signal } = scene()
  signal()
  await vi.advanceTimersByTimeAsync(1999)
  expect(exits).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(exits).toEqual([0])
})

test('the same signal twice is one, a second one later ends it with 1', async () => {
  const { exits, stop, program, signal } = scene()
  stop.started(program, log)
  signal()
  await vi.advanceTimersByTimeAsync(1000)
  signal()
  expect(exits).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  signal()
  expect(exits).toEqual([1])
})
