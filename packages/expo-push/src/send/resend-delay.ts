import type { Outcome, RetryReason } from './outcome.ts'
import type { PendingPush } from './pending-push.ts'

/** No attempt of a ring begins later than that after the call of `send`. */
const RING_BUDGET_MS = 4000
/** What a ring waits before its second and its third attempt. */
const STEPS_MS = [500, 1500]

/** Trouble of the way and not of the message. */
const PASSING: ReadonlySet<RetryReason> = new Set([
  'rate_limited',
  'server_error',
  'dns_failed',
  'connect_failed',
  'tls_failed',
])

interface At {
  readonly nowMs: number
  readonly random: () => number
}

/**
 * How long until the push is tried again without the caller's doing. Only a ring is, only when it
 * certainly did not arrive, and only while somebody may still answer it.
 *
 * @param failures Attempts so far, counting from 1.
 * @returns Milliseconds; undefined when the outcome stands.
 */
export function resendDelayMs(
  push: Pick<PendingPush, 'pace' | 'startedAtMs' | 'deadlineAtMs' | 'failures'>,
  outcome: Outcome,
  { nowMs, random }: At,
): number | undefined {
  if (push.pace !== 'ring' || outcome.kind !== 'retry') return undefined
  if (outcome.ambiguous || !PASSING.has(outcome.reason)) return undefined
  const step = STEPS_MS[push.failures - 1]
  if (step === undefined) return undefined
  // A fifth more or less, so that the rings of one refused request do not stay a crowd.
  const delayMs = Math.max(Math.round(step * (0.8 + 0.4 * random())), outcome.retryAfterMs ?? 0)
  const atMs = nowMs + delayMs
  return atMs <= push.startedAtMs + RING_BUDGET_MS && atMs < push.deadlineAtMs ? delayMs : undefined
}
