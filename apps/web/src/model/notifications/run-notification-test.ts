import type { PushSubscription, TestResults } from '@belfry/contracts'
import { tellsWhenShown } from './notification-status.ts'
import {
  beginTest,
  stepOf,
  stepTest,
  type NotificationTest,
  type TestInput,
} from './notification-test.ts'

/** How long a device that is awake takes at most to show a notification and to say so. */
export const shownWithinMs = 10_000

export type TestResult = TestResults['results'][number]

/** What a test looks at and does. Every answer may also be a rejection: the step then fails with the generic cure. */
export interface TestPort {
  permission(): 'default' | 'granted' | 'denied'
  /** Whether the background script runs. */
  hasWorker(): Promise<boolean>
  /** Whether the browser holds a subscription that fits the server's key. */
  hasSubscription(): Promise<boolean>
  /** Registers this browser again and answers its row; null when the server has none. */
  saved(): Promise<PushSubscription | null>
  /** Sends it to this one device. Null when the server did not name it among the results. */
  send(id: string, kind: 'message' | 'call'): Promise<TestResult | null>
  /** The row's `lastShownAt` now, for when realtime is down. */
  lastShownAt(id: string): Promise<string | null>
  /** Calls back when the server says that this device showed a notification. */
  onShown(id: string, listener: () => void): () => void
}

export interface TestRun {
  readonly kind: 'message' | 'call'
  /** Time to switch tabs, before it is sent. */
  readonly delayMs: number
  readonly port: TestPort
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  /** The cure when nothing was shown: it depends on the system. */
  readonly systemCure: string
  readonly emit: (test: NotificationTest) => void
}

/**
 * Runs one test and tells every change. Resolves when nothing is waited for any more, with the
 * last state; never rejects. The receipt is heard until `stop` is called, however late it comes.
 */
export function runNotificationTest(run: TestRun): {
  readonly finished: Promise<NotificationTest>
  readonly stop: () => void
} {
  let test = beginTest({ kind: run.kind, atMs: run.now(), delayMs: run.delayMs })
  let isStopped = false
  let forget: () => void = () => undefined

  function take(input: TestInput): void {
    const next = stepTest(test, input)
    if (isStopped || next === test) return
    test = next
    run.emit(test)
  }

  run.emit(test)
  const finished = (async () => {
    const row = await checkThisBrowser(run, take)
    if (row === null) return test
    const shown = new Promise<void>((resolve) => {
      forget = run.port.onShown(row.id, () => {
        take({ type: 'shown', atMs: run.now() })
        resolve()
      })
    })
    if (run.delayMs > 0) await run.sleep(Math.max(0, test.sendsAtMs - run.now()))
    if (isStopped || !(await deliver(run, row, take))) return test
    const isOpen = () => stepOf(test, 'shown').state === 'now'
    await awaitShown(run, row, { take, isOpen, shown })
    return test
  })()
  return {
    finished,
    stop() {
      isStopped = true
      forget()
    },
  }
}

/** The first four steps: is this browser able to hear of it at all? */
async function checkThisBrowser(
  { port, now }: TestRun,
  take: (input: TestInput) => void,
): Promise<PushSubscription | null> {
  const permission = port.permission()
  if (permission !== 'granted') {
    take({
      type: 'failed',
      step: 'permission',
      note: permission === 'denied' ? 'Blocked' : 'Not given',
      cure:
        permission === 'denied'
          ? 'Allow notifications for this site: the steps are above.'
          : 'Turn notifications on first.',
    })
    return null
  }
  take({ type: 'done', step: 'permission', note: 'Allowed', atMs: now() })

  if (!(await port.hasWorker().catch(() => false))) {
    take({
      type: 'failed',
      step: 'worker',
      note: 'Not running',
      cure: 'Reload this page, then test again.',
    })
    return null
  }
  take({ type: 'done', step: 'worker', note: 'Running', atMs: now() })

  if (!(await port.hasSubscription().catch(() => false))) {
    take({
      type: 'failed',
      step: 'subscription',
      note: 'None that fits',
      cure: 'Choose Repair above.',
    })
    return null
  }
  take({ type: 'done', step: 'subscription', note: 'Valid, key matches', atMs: now() })

  const row = await port.saved().catch(() => null)
  if (row === null) {
    take({
      type: 'failed',
      step: 'saved',
      note: 'Not saved',
      cure: 'The server did not take this browser’s registration. Choose Repair, or try again in a minute.',
    })
    return null
  }
  take({
    type: 'done',
    step: 'saved',
    note: row.deviceName,
    next: `Waiting for ${row.host}`,
    atMs: now(),
  })
  return row
}

const outcomeCures: Readonly<Record<Exclude<TestResult['outcome'], 'accepted'>, string>> = {
  gone: 'The push service no longer knows this browser. Choose Repair above.',
  retry: 'The push service is busy or cannot be reached. Try again in a minute.',
  rejected: 'The push service refused it. Whoever runs this server finds the reason in its log.',
}

async function deliver(
  { port, kind, now }: TestRun,
  row: PushSubscription,
  take: (input: TestInput) => void,
): Promise<boolean> {
  const result = await port.send(row.id, kind).catch(() => null)
  if (result === null) {
    take({
      type: 'failed',
      step: 'accepted',
      note: 'Not sent',
      cure: 'The server did not send it. Check your connection, then test again.',
    })
    return false
  }
  const note = result.status === null ? 'No answer' : `${result.status}`
  if (result.outcome !== 'accepted') {
    const cure = result.hint ?? outcomeCures[result.outcome]
    take({ type: 'failed', step: 'accepted', note, cure: `${result.host}: ${cure}` })
    return false
  }
  const detail = result.hint === undefined ? result.host : `${result.host}. ${result.hint}`
  take({
    type: 'done',
    step: 'accepted',
    note,
    detail,
    next: 'Waiting for this device to say that it showed it',
    atMs: now(),
  })
  return true
}

async function awaitShown(
  run: TestRun,
  row: PushSubscription,
  test: {
    readonly take: (input: TestInput) => void
    readonly isOpen: () => boolean
    readonly shown: Promise<void>
  },
): Promise<void> {
  if (!tellsWhenShown(row.host)) {
    test.take({ type: 'untold', detail: 'Apple does not tell us. Did it appear on this device?' })
    return
  }
  if (!test.isOpen()) return
  await Promise.race([test.shown, run.sleep(shownWithinMs)])
  if (!test.isOpen()) return
  const lastShownAt = await run.port.lastShownAt(row.id).catch(() => row.lastShownAt)
  if (lastShownAt !== row.lastShownAt) test.take({ type: 'shown', atMs: run.now() })
  test.take({ type: 'quiet', cure: `Nothing came back within 10 seconds. ${run.systemCure}` })
}
