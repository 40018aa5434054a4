import type { Deadline } from './deadline.ts'
import type { Outcome } from './outcome.ts'
import { refusedHere } from './refused-here.ts'
import type { TransportFailure } from './transport.ts'

/** The outcome of a push that got no answer. */
export function failureOutcome(
  failure: TransportFailure,
  deadline: Pick<Deadline, 'hasExpired'>,
): Outcome {
  const ambiguous = failure.wasWritten
  switch (failure.reason) {
    case 'host_forbidden':
      return refusedHere('endpoint_forbidden')
    case 'address_forbidden':
      return refusedHere('address_forbidden')
    case 'aborted':
      return { kind: 'retry', reason: deadline.hasExpired() ? 'timeout' : 'aborted', ambiguous }
    default:
      return { kind: 'retry', reason: failure.reason, ambiguous }
  }
}
