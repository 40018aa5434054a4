import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createFailpoint, FailpointError, noFailpoint, prefixed } from './failpoint.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('the nth passing fails, and no other, and no other name', async () => {
  const failpoint = createFailpoint('send.pre:2:throw', () => {})
  await failpoint('send.pre')
  await failpoint('ack.pre')
  await expect(failpoint('send.pre')).rejects.toThrow(FailpointError)
  await failpoint('send.pre')
})

test('kill kills, and nothing comes after it', async () => {
  let killed = 0
  const failpoint = createFailpoint('relay.pre:1:kill', () => (killed += 1))
  let passed = false
  void failpoint('relay.pre').then(() => (passed = true))
  await vi.advanceTimersByTimeAsync(100_000)
  expect([killed, passed]).toEqual([1, false])
})

test('several may be armed; delay passes after a second', async () => {
  const failpoint = createFailpoint('a:1:delay, b:1:throw', () => {})
  await expect(failpoint('b')).rejects.toThrow(FailpointError)
  let passed = false
  void failpoint('a').then(() => (passed = true))
  await vi.advanceTimersByTimeAsync(999)
  expect(passed).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(passed).toBe(true)
})

test('the points of another part have names of their own, and in production cost nothing', async () => {
  const failpoint = createFailpoint('expo.send.pre:1:throw', () => {})
  await failpoint('send.pre')
  await expect(prefixed(failpoint, 'expo')('send.pre')).rejects.toThrow(FailpointError)
  expect(prefixed(noFailpoint, 'expo')).toBe(noFailpoint)
})
