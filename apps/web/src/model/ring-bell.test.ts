import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { RingBell, type BellAudio } from './ring-bell.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function fakeAudio(allowed: { value: boolean }) {
  const strokes: number[] = []
  const listeners = new Set<() => void>()
  let isRunning = false
  const audio: BellAudio = {
    isRunning: () => isRunning,
    now: () => Date.now() / 1000,
    playStroke: (at) => strokes.push(Math.round(at * 1000)),
    resume() {
      if (!allowed.value) return new Promise<void>(() => undefined)
      isRunning = true
      for (const listener of listeners) listener()
      return Promise.resolve()
    },
    suspend() {
      isRunning = false
      return Promise.resolve()
    },
    close: () => Promise.resolve(),
    onChange: (listener) => listeners.add(listener),
  }
  return { audio, strokes }
}

function aBell(allowed: { value: boolean }) {
  const { audio, strokes } = fakeAudio(allowed)
  const bell = new RingBell({
    openAudio: () => audio,
    schedule(run, ms) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    claim(play) {
      play()
      return () => undefined
    },
  })
  return { bell, strokes }
}

test('the bell strikes twice, 420 ms apart, every 2.4 s, until it is stopped', () => {
  const { bell, strokes } = aBell({ value: true })
  const began = Date.now()
  bell.start()
  expect(bell.state()).toBe('rings')
  vi.advanceTimersByTime(2500)
  expect(strokes.map((at) => at - began)).toEqual([20, 440, 2420, 2840])
  bell.stop()
  vi.advanceTimersByTime(10_000)
  expect(strokes.length).toBe(4)
  expect(bell.state()).toBe('still')
})

test('where the browser wants a click first, the bell says so and rings after it', () => {
  const allowed = { value: false }
  const { bell, strokes } = aBell(allowed)
  bell.start()
  expect(bell.state()).toBe('blocked')
  expect(strokes.length).toBe(0)
  allowed.value = true
  bell.allow()
  expect(bell.state()).toBe('rings')
  expect(strokes.length).toBe(2)
  bell.close()
})

test('a silenced ring stays silent, and the next one sounds again', () => {
  const { bell, strokes } = aBell({ value: true })
  bell.start()
  bell.silence()
  vi.advanceTimersByTime(10_000)
  expect(strokes.length).toBe(2)
  expect(bell.state()).toBe('silenced')
  bell.stop()
  bell.start()
  expect(bell.state()).toBe('rings')
  bell.close()
})

test('without Web Audio nothing is offered and nothing breaks', () => {
  const bell = new RingBell({
    openAudio: () => null,
    schedule: () => () => undefined,
    claim: () => () => undefined,
  })
  bell.start()
  expect(bell.state()).toBe('still')
  bell.close()
})
