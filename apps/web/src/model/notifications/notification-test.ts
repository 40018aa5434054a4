/**
 * One test notification, step by step, as data. Nothing here does I/O; `run-notification-test.ts` does.
 *
 *   ahead    not there yet
 *   now      being waited for: it counts its time
 *   done     proved
 *   failed   with the cure; the steps after it stay ahead
 *   untold   nothing says whether it was shown (Apple; a phone with the app behind): the person looks
 *
 * The receipt of the device and the answer of the push service come by two roads, and in either
 * order. A receipt that comes after we gave up still turns *failed* into *done*: it is the proof.
 */
export type TestStepName =
  | 'permission'
  /** In a browser. */
  | 'worker'
  | 'subscription'
  /** In the app on a phone. */
  | 'token'
  | 'saved'
  | 'accepted'
  | 'shown'

export interface TestStep {
  readonly name: TestStepName
  readonly state: 'ahead' | 'now' | 'done' | 'failed' | 'untold'
  /** A few words at the end of the line: *Allowed*, *201*. */
  readonly note: string
  /** A sentence below: what is waited for, or the cure. */
  readonly detail: string
  /** When the step became `now`, by this device's clock. */
  readonly sinceMs: number
}

export interface NotificationTest {
  readonly kind: 'message' | 'call'
  readonly steps: readonly TestStep[]
  /** When it is sent, for a test that waits so that one can switch tabs. */
  readonly sendsAtMs: number
  /** When the push service took it. */
  readonly acceptedAtMs: number | null
  /** The device's receipt was here before the push service's answer. */
  readonly isShownEarly: boolean
}

export type TestInput =
  | {
      readonly type: 'done'
      readonly step: TestStepName
      readonly note: string
      readonly detail?: string
      /** What the step after it waits for. */
      readonly next?: string
      readonly atMs: number
    }
  | {
      readonly type: 'failed'
      readonly step: TestStepName
      readonly note: string
      readonly cure: string
    }
  /** This device said that it showed one. */
  | { readonly type: 'shown'; readonly atMs: number }
  /** Nothing came back for as long as we wait. */
  | { readonly type: 'quiet'; readonly cure: string }
  /** Nothing need come back. */
  | { readonly type: 'untold'; readonly detail: string }

export interface TestBeginning {
  readonly kind: 'message' | 'call'
  readonly atMs: number
  readonly delayMs: number
  /** In their order; those of every test come last: saved, accepted, shown. */
  readonly steps: readonly TestStepName[]
}

export function beginTest({ kind, atMs, delayMs, steps }: TestBeginning): NotificationTest {
  return {
    kind,
    steps: steps.map((name, at) => ({
      name,
      state: at === 0 ? 'now' : 'ahead',
      note: '',
      detail: '',
      sinceMs: atMs,
    })),
    sendsAtMs: atMs + delayMs,
    acceptedAtMs: null,
    isShownEarly: false,
  }
}

export function stepTest(test: NotificationTest, input: TestInput): NotificationTest {
  switch (input.type) {
    case 'done':
      return onDone(test, input)
    case 'failed':
      return withStep(test, input.step, { state: 'failed', note: input.note, detail: input.cure })
    case 'shown':
      return onShown(test, input.atMs)
    case 'quiet':
      return stepOf(test, 'shown').state === 'now'
        ? withStep(test, 'shown', { state: 'failed', note: '', detail: input.cure })
        : test
    case 'untold':
      return withStep(test, 'shown', { state: 'untold', note: '', detail: input.detail })
  }
}

function onDone(
  test: NotificationTest,
  input: Extract<TestInput, { type: 'done' }>,
): NotificationTest {
  const passed = withStep(test, input.step, {
    state: 'done',
    note: input.note,
    detail: input.detail ?? '',
  })
  const accepted = input.step === 'accepted' ? { ...passed, acceptedAtMs: input.atMs } : passed
  const next = test.steps[test.steps.findIndex(({ name }) => name === input.step) + 1]?.name
  if (next === undefined) return accepted
  const moved = withStep(accepted, next, {
    state: 'now',
    detail: input.next ?? '',
    sinceMs: Math.max(input.atMs, next === 'accepted' ? test.sendsAtMs : 0),
  })
  return next === 'shown' && test.isShownEarly ? onShown(moved, input.atMs) : moved
}

function onShown(test: NotificationTest, atMs: number): NotificationTest {
  const shown = stepOf(test, 'shown')
  if (shown.state === 'ahead') {
    return stepOf(test, 'accepted').state === 'now' ? { ...test, isShownEarly: true } : test
  }
  if (shown.state === 'done') return test
  return withStep(test, 'shown', {
    state: 'done',
    note: secondsWords(atMs - shown.sinceMs),
    detail: '',
  })
}

export function stepOf(test: NotificationTest, name: TestStepName): TestStep {
  const step = test.steps.find((each) => each.name === name)
  if (step === undefined) throw new UnknownStepError(name)
  return step
}

function withStep(
  test: NotificationTest,
  name: TestStepName,
  change: Partial<TestStep>,
): NotificationTest {
  return {
    ...test,
    steps: test.steps.map((step) => (step.name === name ? { ...step, ...change } : step)),
  }
}

/** Whether anything is still waited for. */
export function isRunning(test: NotificationTest): boolean {
  return test.steps.some((step) => step.state === 'now')
}

/** "0.8 s": what waits counts its time, to a tenth of a second. */
export function secondsWords(ms: number): string {
  return `${(Math.max(0, ms) / 1000).toFixed(1)} s`
}

/** A test has all its steps from its beginning; this is a mistake of ours. */
export class UnknownStepError extends Error {
  readonly code = 'UNKNOWN_TEST_STEP'
  constructor(name: string) {
    super(`A test has no step called ${name}.`)
    this.name = 'UnknownStepError'
  }
}
