import type { IncomingCallPushMessage } from '@belfry/contracts'
import { deliverRing } from '../../delivery/deliver-ring.ts'
import { callContent } from './call-content.ts'
import type { WorkerContext } from './worker-context.ts'

/** A call begins: phones ring. */
export function onIncomingCall(
  context: WorkerContext,
  event: IncomingCallPushMessage,
  only: string | null,
): Promise<void> {
  return deliverRing(context, event, { only, write: (push) => callContent(context, push) })
}
