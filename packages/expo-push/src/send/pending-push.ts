import type { SetTimer } from '../set-timer.ts'
import type { Outcome } from './outcome.ts'
import type { Pace } from './sender.ts'

/** A push between the call of `send` and its outcome: it waits in a lane, is under way, or both in turn. */
export interface PendingPush {
  readonly token: string
  /** The message as it stands in the request's body. */
  readonly json: string
  readonly pace: Pace
  readonly startedAtMs: number
  readonly deadlineAtMs: number
  /** Which pushes it may share a request with; replaced by what Expo says. */
  project: string | null
  /** Requests that it was in and that failed. */
  failures: number
  /** Set while it is in a request; called when it no longer waits for the answer. */
  leaveRequest: (() => void) | undefined
  readonly outcome: Promise<Outcome>
  isSettled(): boolean
  /** Its project is this one, says Expo. */
  learn(project: string): void
  /** The first outcome counts. */
  settle(outcome: Outcome): void
  /** It is over without an answer; the push may have arrived when it is in a request. */
  end(reason: 'timeout' | 'aborted'): void
}

interface PendingPushOptions extends Pick<
  PendingPush,
  'token' | 'json' | 'pace' | 'startedAtMs' | 'project'
> {
  readonly deadlineMs: number
  readonly signal: AbortSignal | undefined
  readonly setTimer: SetTimer
  readonly onSettled: (push: PendingPush) => void
}

/** Starts the push's clock. */
export function createPendingPush(options: PendingPushOptions): PendingPush {
  const { token, json, pace, startedAtMs, project, deadlineMs, signal, setTimer } = options
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  let learnt: string | undefined
  let isSettled = false

  const push: PendingPush = {
    token,
    json,
    pace,
    startedAtMs,
    deadlineAtMs: startedAtMs + deadlineMs,
    project,
    failures: 0,
    leaveRequest: undefined,
    outcome: promise,
    isSettled: () => isSettled,
    learn(name) {
      learnt = name
      push.project = name
    },
    settle(outcome) {
      if (isSettled) return
      isSettled = true
      cancelTimer()
      signal?.removeEventListener('abort', abort)
      options.onSettled(push)
      resolve(learnt === undefined ? outcome : { ...outcome, learntProjectId: learnt })
    },
    end(reason) {
      push.settle({ kind: 'retry', reason, ambiguous: push.leaveRequest !== undefined })
    },
  }
  const abort = () => push.end('aborted')
  const cancelTimer = setTimer(() => push.end('timeout'), deadlineMs)
  signal?.addEventListener('abort', abort)
  return push
}
