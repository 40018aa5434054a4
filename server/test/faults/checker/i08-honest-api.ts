import type { History, Operation } from './history.ts'
import type { Violation } from './violation.ts'

/**
 * I8, an honest API: what it cannot do now it refuses in time, with 503 and Retry-After and no other 5xx; and what it
 * answered 2xx is in the store.
 */
export function honestApi(history: History): Violation[] {
  return [...history.operations.flatMap((each) => ofAnswer(history, each)), ...vanished(history)]
}

function ofAnswer(history: History, { invoke, outcome }: Operation): Violation[] {
  if (outcome === null || outcome.kind === 'ok' || invoke.process === null) return []
  const tookMs = outcome.monoMs - invoke.monoMs
  const found = (what: string): Violation[] => [
    { invariant: 'I8', what: `${invoke.action} ${invoke.subject}: ${what}`, entry: outcome },
  ]
  if (outcome.kind === 'info') {
    if (outcome.reason === 'disconnected' || wasDisturbed(history, invoke)) return []
    return found(`no answer from ${invoke.process}, which was well`)
  }
  if (outcome.status < 500) return []
  if (outcome.status !== 503) return found(`answered ${outcome.status}`)
  if ((outcome.retryAfterSeconds ?? 0) <= 0) return found('503 without Retry-After')
  if (tookMs > history.limits.answerWithinMs) return found(`503 after ${Math.round(tookMs)} ms`)
  return []
}

/** The process stopped while it was asked. */
function wasDisturbed(history: History, invoke: Operation['invoke']): boolean {
  return history
    .of('process')
    .some(
      ({ name, step, monoMs }) =>
        name === invoke.process &&
        (step === 'signalled' || step === 'exited') &&
        monoMs >= invoke.monoMs,
    )
}

function vanished(history: History): Violation[] {
  // Without the observation at the end nothing can be said.
  if (history.of('quiesced').length === 0) return []
  const there = new Set(history.stored.map(({ what, id }) => `${what} ${id}`))
  return history.operations.flatMap(({ invoke, outcome }) => {
    if (outcome?.kind !== 'ok' || invoke.process === null) return []
    const what = kept.get(invoke.action)
    if (what === undefined || there.has(`${what} ${outcome.id}`)) return []
    const sentence = `${invoke.action} ${invoke.subject} was answered ${outcome.status} and is not stored`
    return [{ invariant: 'I8', what: sentence, entry: outcome } satisfies Violation]
  })
}

const kept: ReadonlyMap<string, string> = new Map([
  ['send', 'message'],
  ['call', 'call'],
])
