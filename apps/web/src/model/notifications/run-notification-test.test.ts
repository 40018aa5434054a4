import type { PushSubscription } from '@belfry/contracts'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { NotificationTest } from './notification-test.ts'
import { runNotificationTest, type TestPort, type TestResult } from './run-notification-test.ts'
import { browserChecks, phoneChecks, type BrowserFacts, type TestCheck } from './test-checks.ts'
import { browserTestWords, phoneTestWords, type TestWords } from './test-words.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-21T14:00:00Z') })
})
afterEach(() => {
  vi.useRealTimers()
})

const row: PushSubscription = {
  id: 'row-1',
  kind: 'web-push',
  deviceName: 'Firefox, Linux',
  deviceId: 'profile-1',
  host: 'updates.push.services.mozilla.com',
  createdAt: '2026-11-20T10:00:00Z',
  lastSeenAt: '2026-11-21T13:59:00Z',
  lastAcceptedAt: null,
  lastShownAt: null,
  lastError: null,
}

const accepted: TestResult = { id: 'row-1', outcome: 'accepted', status: 201, host: row.host }

interface Change extends Partial<TestPort> {
  delayMs?: number
  row?: PushSubscription
  facts?: Partial<BrowserFacts>
  checks?: readonly TestCheck[]
  words?: TestWords
}

/** A browser in which everything works; the device says *shown* only when told to. */
function run(change: Change = {}) {
  const listeners = new Set<() => void>()
  const seen: NotificationTest[] = []
  const port: TestPort = {
    saved: () => Promise.resolve(change.row ?? row),
    send: () => Promise.resolve(accepted),
    lastShownAt: () => Promise.resolve(null),
    onShown(_id, listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ...change,
  }
  const { finished, stop } = runNotificationTest({
    kind: 'message',
    delayMs: change.delayMs ?? 0,
    checks:
      change.checks ??
      browserChecks({
        permission: () => 'granted',
        hasWorker: () => Promise.resolve(true),
        hasSubscription: () => Promise.resolve(true),
        ...change.facts,
      }),
    words: change.words ?? browserTestWords('Check the system’s settings.'),
    port,
    now: () => Date.now(),
    sleep: (ms) => new Promise((wake) => setTimeout(wake, ms)),
    emit: (test) => seen.push(test),
  })
  return {
    finished,
    stop,
    listeners,
    show: () => listeners.forEach((listener) => listener()),
    states: () => seen.at(-1)?.steps.map((step) => `${step.name}: ${step.state}`),
    step: (name: string) => seen.at(-1)?.steps.find((step) => step.name === name),
  }
}

test('a test that works proves every step, and how long the device took', async () => {
  const test = run()
  await vi.advanceTimersByTimeAsync(0)
  expect(test.states()).toEqual([
    'permission: done',
    'worker: done',
    'subscription: done',
    'saved: done',
    'accepted: done',
    'shown: now',
  ])
  await vi.advanceTimersByTimeAsync(800)
  test.show()
  await test.finished
  expect(test.step('shown')).toMatchObject({ state: 'done', note: '0.8 s' })
  expect(test.step('accepted')).toMatchObject({ note: '201', detail: row.host })
})

test('a receipt that overtakes the push service’s answer counts', async () => {
  let answer: (result: TestResult) => void = () => undefined
  const test = run({
    send: () =>
      new Promise((resolve) => {
        answer = resolve
      }),
  })
  await vi.advanceTimersByTimeAsync(0)
  test.show()
  expect(test.step('shown')?.state).toBe('ahead')
  answer(accepted)
  await test.finished
  expect(test.step('shown')?.state).toBe('done')
})

test('accepted but not shown within ten seconds fails with the system’s cure, and a late receipt still proves it', async () => {
  const test = run()
  await vi.advanceTimersByTimeAsync(9999)
  expect(test.step('shown')?.state).toBe('now')
  await vi.advanceTimersByTimeAsync(1)
  await test.finished
  expect(test.step('shown')).toMatchObject({
    state: 'failed',
    detail: 'Nothing came back within 10 seconds. Check the system’s settings.',
  })
  await vi.advanceTimersByTimeAsync(5000)
  test.show()
  expect(test.step('shown')).toMatchObject({ state: 'done', note: '15.0 s' })
})

test('without realtime the server’s list proves it instead', async () => {
  const test = run({ lastShownAt: () => Promise.resolve('2026-11-21T14:00:01Z') })
  await vi.advanceTimersByTimeAsync(10_000)
  await test.finished
  expect(test.step('shown')?.state).toBe('done')
})

test('Apple does not tell, so the person is asked to look', async () => {
  const test = run({ row: { ...row, host: 'web.push.apple.com' } })
  await test.finished
  expect(test.step('shown')).toMatchObject({
    state: 'untold',
    detail: 'Apple does not tell us. Did it appear on this device?',
  })
})

test('the step that fails carries its cure, and the steps after it are not reached', async () => {
  const failing: ReadonlyArray<readonly [string, Change, string]> = [
    ['permission', { facts: { permission: () => 'denied' } }, 'Blocked'],
    [
      'worker',
      { facts: { hasWorker: () => Promise.reject(new Error('no worker')) } },
      'Not running',
    ],
    [
      'subscription',
      { facts: { hasSubscription: () => Promise.resolve(false) } },
      'None that fits',
    ],
    ['saved', { saved: () => Promise.resolve(null) }, 'Not saved'],
    ['accepted', { send: () => Promise.reject(new Error('offline')) }, 'Not sent'],
  ]
  for (const [name, change, note] of failing) {
    const test = run(change)
    await test.finished
    expect(test.step(name)).toMatchObject({ state: 'failed', note })
    expect(test.step(name)?.detail).not.toBe('')
    expect(test.step('shown')?.state).toBe('ahead')
  }
})

test('a push service that no longer knows the browser says what to do', async () => {
  const test = run({ send: () => Promise.resolve({ ...accepted, outcome: 'gone', status: 410 }) })
  await test.finished
  expect(test.step('accepted')).toMatchObject({
    state: 'failed',
    note: '410',
    detail: `${row.host}: The push service no longer knows this browser. Choose Repair above.`,
  })
})

test('a delayed test checks at once and sends after five seconds', async () => {
  const send = vi.fn(() => Promise.resolve(accepted))
  const test = run({ delayMs: 5000, send })
  await vi.advanceTimersByTimeAsync(4999)
  expect(test.step('saved')?.state).toBe('done')
  expect(test.step('accepted')?.sinceMs).toBe(Date.parse('2026-11-21T14:00:05Z'))
  expect(send).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(send).toHaveBeenCalledWith('row-1', 'message')
  test.stop()
})

test('a test that was left sends nothing and hears nothing more', async () => {
  const send = vi.fn(() => Promise.resolve(accepted))
  const test = run({ delayMs: 5000, send })
  await vi.advanceTimersByTimeAsync(1000)
  test.stop()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(send).not.toHaveBeenCalled()
  expect(test.listeners.size).toBe(0)
})

const phone = (hasToken: boolean): Change => ({
  checks: phoneChecks({ permission: () => 'granted', hasToken: () => hasToken }),
  words: phoneTestWords('Check the phone’s settings.'),
  row: { ...row, kind: 'expo', platform: 'android', deviceName: 'Pixel 9', host: 'exp.host' },
})

test('the app on a phone has a test of its own: no background script, no subscription', async () => {
  const test = run(phone(true))
  await vi.advanceTimersByTimeAsync(0)
  expect(test.states()).toEqual([
    'permission: done',
    'token: done',
    'saved: done',
    'accepted: done',
    'shown: now',
  ])
  test.show()
  await test.finished
  expect(test.step('shown')?.state).toBe('done')

  const tokenless = run(phone(false))
  await tokenless.finished
  expect(tokenless.step('token')).toMatchObject({ state: 'failed', note: 'None' })
})

test('a phone whose app is behind does not tell, so the person is asked to look', async () => {
  const test = run({ ...phone(true), delayMs: 5000 })
  await vi.advanceTimersByTimeAsync(5000)
  await test.finished
  expect(test.step('shown')).toMatchObject({
    state: 'untold',
    detail: 'With the app behind, the phone does not tell us. Did it appear?',
  })
  // It was in front after all.
  test.show()
  expect(test.step('shown')?.state).toBe('done')
})
