import type { PushSubscription, TestResults } from '@belfry/contracts'
import {
  beginTest,
  stepOf,
  stepTest,
  type NotificationTest,
  type TestInput,
} from './notification-test.ts'
import type { TestCheck } from './test-checks.ts'
import type { TestWords } from './test-words.ts'

/** How long a device that is awake takes at most to show a notification and to say so. */
export const shownWithinMs = 10_000

export type TestResult = TestResults['results'][number]

/** What a test does. Every answer may also be a rejection: the step then fails with the generic cure. */
export interface TestPort {
  /** Registers this device again and answers its row; null when the server has none. */
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
  /** What has to be so first. */
  readonly checks: readonly TestCheck[]
  readonly words: TestWords
  readonly port: TestPort
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
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
  const { kind, delayMs, checks } = run
  const steps = [...checks.map(({ step }) => step), 'saved', 'accepted', 'shown'] as const
  let test = beginTest({ kind, atMs: run.now(), delayMs, steps })
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
    const row = await checkThisDevice(run, take)
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

/** Is this device able to hear of it at all? */
async function checkThisDevice(
  { checks, port, now, words }: TestRun,
  take: (input: TestInput) => void,
): Promise<PushSubscription | null> {
  for (const { step, look } of checks) {
    const answer = await look()
    if (!answer.ok) {
      take({ type: 'failed', step, note: answer.note, cure: answer.cure })
      return null
    }
    take({ type: 'done', step, note: answer.note, atMs: now() })
  }
  const row = await port.saved().catch(() => null)
  if (row === null) {
    take({
      type: 'failed',
      step: 'saved',
      note: 'Not saved',
      cure: words.notSaved,
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

async function deliver(
  { port, kind, now, words }: TestRun,
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
    const cure = result.hint ?? words.refused[result.outcome]
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
  const untold = run.words.untold(row, run.delayMs > 0)
  if (untold !== null) {
    test.take({ type: 'untold', detail: untold })
    return
  }
  if (!test.isOpen()) return
  await Promise.race([test.shown, run.sleep(shownWithinMs)])
  if (!test.isOpen()) return
  const lastShownAt = await run.port.lastShownAt(row.id).catch(() => row.lastShownAt)
  if (lastShownAt !== row.lastShownAt) test.take({ type: 'shown', atMs: run.now() })
  test.take({ type: 'quiet', cure: `Nothing came back within 10 seconds. ${run.words.systemCure}` })
}
