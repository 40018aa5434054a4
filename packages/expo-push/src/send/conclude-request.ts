import { requestVerdict } from '../answers/request-verdict.ts'
import { ticketOutcomes } from '../answers/ticket-outcomes.ts'
import type { PostResult } from '../http/post-json.ts'
import type { Outcome, Rejected } from './outcome.ts'
import type { PendingPush } from './pending-push.ts'
import type { ServicePause } from './service-pause.ts'

export interface ConcludeOptions {
  readonly pause: ServicePause
  readonly now: () => number
  /** Sends these in a request of their own, next. */
  readonly sendTogether: (batch: readonly PendingPush[]) => void
  /** Gives the push its outcome, or another try. */
  readonly settleOrResend: (push: PendingPush, outcome: Outcome) => void
}

/** Gives every push of one request what the answer means for it. */
export function concludeRequest(
  batch: readonly PendingPush[],
  result: PostResult,
  options: ConcludeOptions,
): void {
  const { pause, now, settleOrResend } = options
  const verdict = requestVerdict(result)
  switch (verdict.kind) {
    case 'tickets': {
      pause.noteAccepted()
      const { tickets, status } = verdict
      const tokens = batch.map(({ token }) => token)
      const outcomes = ticketOutcomes(tickets, tokens, status)
      return settleEach(batch, outcomes, options)
    }
    case 'all':
      for (const push of batch) settleOrResend(push, verdict.outcome)
      return
    case 'pause': {
      const { status } = verdict
      const retryAfterMs = pause.begin(verdict.retryAfterMs, now())
      const reason = 'rate_limited'
      for (const push of batch)
        settleOrResend(push, { kind: 'retry', reason, status, retryAfterMs, ambiguous: false })
      return
    }
    case 'split':
      return splitByProject(batch, verdict, options)
    case 'bisect':
      return bisect(batch, verdict.refusal, options)
  }
}

function settleEach(
  batch: readonly PendingPush[],
  outcomes: readonly Outcome[],
  { settleOrResend }: ConcludeOptions,
): void {
  for (const [index, push] of batch.entries()) {
    const outcome = outcomes[index]
    if (outcome) settleOrResend(push, outcome)
  }
}

/**
 * Each project's tokens again, by themselves. Tokens that Expo does not name stay together. An
 * answer that separates nothing is taken for an ordinary refusal, so this comes to an end.
 */
function splitByProject(
  batch: readonly PendingPush[],
  { projectOf, refusal }: { projectOf: ReadonlyMap<string, string>; refusal: Rejected },
  options: ConcludeOptions,
): void {
  const groups = Map.groupBy(batch, ({ token }) => projectOf.get(token))
  if (groups.size < 2) return bisect(batch, refusal, options)
  for (const [project, pushes] of groups) {
    if (project !== undefined) for (const push of pushes) push.learn(project)
    sendAgain(pushes, options)
  }
}

/** Both halves again: seven rounds find one bad message among a hundred. */
function bisect(batch: readonly PendingPush[], refusal: Rejected, options: ConcludeOptions): void {
  if (batch.length === 1) return settleEach(batch, [refusal], options)
  const middle = Math.ceil(batch.length / 2)
  sendAgain(batch.slice(0, middle), options)
  sendAgain(batch.slice(middle), options)
}

function sendAgain(pushes: readonly PendingPush[], { sendTogether }: ConcludeOptions): void {
  const waiting = pushes.filter((push) => !push.isSettled())
  if (waiting.length > 0) sendTogether(waiting)
}
