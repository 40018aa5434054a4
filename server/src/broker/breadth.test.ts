import { pbkdf2Sync } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createBreadth, eventLoopUtilization } from './breadth.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A consumer that always has more to do than it may. */
function lab(options: { most?: number; whenBusy?: number } = {}) {
  const loop = { used: 1 }
  let inHand = 0
  const breadth = createBreadth({
    most: 128,
    whenBusy: 32,
    utilization: () => loop.used,
    onWider: () => fill(),
    ...options,
  })
  function fill() {
    while (breadth.hasRoom(inHand)) inHand += 1
  }
  fill()
  return {
    loop,
    breadth,
    inHand: () => inHand,
    /** Some end, and others begin in their place. */
    end(count: number) {
      inHand -= count
      fill()
    },
  }
}

test('while the event loop is busy all the time, few are in hand', () => {
  const { inHand, end } = lab()
  expect(inHand()).toBe(32)
  for (let look = 0; look < 50; look += 1) {
    vi.advanceTimersByTime(10)
    end(1)
  }
  expect(inHand()).toBe(32)
})

test('while it waits for push services, there are soon as many as there may be, and no more', () => {
  const { loop, inHand } = lab()
  loop.used = 0.2
  vi.advanceTimersByTime(60)
  expect(inHand()).toBe(128)
  vi.advanceTimersByTime(1000)
  expect(inHand()).toBe(128)
})

test('once it is busy again, there are few again', () => {
  const { loop, inHand, end } = lab()
  loop.used = 0.2
  vi.advanceTimersByTime(60)
  loop.used = 1
  for (let look = 0; look < 10; look += 1) {
    end(20)
    vi.advanceTimersByTime(10)
  }
  expect(inHand()).toBe(32)
})

test('a busy event loop keeps nobody below what it always bears, nor a consumer without that limit', () => {
  const { inHand, end } = lab()
  end(30)
  expect(inHand()).toBe(32)
  expect(lab({ whenBusy: 128 }).inHand()).toBe(128)
  expect(lab({ most: 4 }).inHand()).toBe(4)
})

test('it looks only while somebody waits for room, and not after its close', () => {
  const { breadth, inHand } = lab()
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(20)
  expect(vi.getTimerCount()).toBe(0)
  expect(breadth.hasRoom(inHand())).toBe(false)
  expect(vi.getTimerCount()).toBe(1)
  breadth.close()
  expect(vi.getTimerCount()).toBe(0)
})

test('an event loop that is not let go is used all of the time', () => {
  vi.useRealTimers()
  const utilization = eventLoopUtilization()
  pbkdf2Sync('password', 'salt', 50_000, 64, 'sha512')
  expect(utilization()).toBeGreaterThan(0.9)
  expect(utilization()).toBeLessThanOrEqual(1)
})
