import type { CallEnded } from '@belfry/contracts'
import { deliverCallEnd } from '../../delivery/deliver-call-end.ts'
import { isApple } from '../../delivery/push-hosts.ts'
import { callContent } from './call-content.ts'
import type { WorkerContext } from './worker-context.ts'

/** A ring ends: browsers show how, but for Apple's, where that would be one more on the pile. */
export function onCallEnded(
  context: WorkerContext,
  event: CallEnded,
  only: string | null,
): Promise<void> {
  return deliverCallEnd(context, event, {
    only,
    refuseEnd: ({ endpoint }) => (isApple(endpoint) ? 'platform_keeps_no_end' : null),
    write: (push) => callContent(context, push),
  })
}
