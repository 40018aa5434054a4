import type { CallEnded } from '@belfry/contracts'
import { deliverCallEnd } from '../../delivery/deliver-call-end.ts'
import { callContent } from './call-content.ts'
import type { WorkerContext } from './worker-context.ts'

/** A ring ends: phones show how. Through Expo an iPhone replaces what it shows, so it is told too. */
export function onCallEnded(
  context: WorkerContext,
  event: CallEnded,
  only: string | null,
): Promise<void> {
  return deliverCallEnd(context, event, {
    only,
    refuseEnd: () => null,
    write: (push) => callContent(context, push),
  })
}
