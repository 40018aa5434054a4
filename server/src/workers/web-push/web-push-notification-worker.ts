import {
  startLaneWorker,
  type LaneWorker,
  type LaneWorkerOptions,
} from '../../delivery/lane-worker.ts'
import { onCallEnded } from './on-call-ended.ts'
import { onChatMessage } from './on-chat-message.ts'
import { onIncomingCall } from './on-incoming-call.ts'
import type { WorkerContext } from './worker-context.ts'

/** Makes browsers ring and show messages. */
export function startWebPushNotificationWorker(
  context: WorkerContext,
  options: LaneWorkerOptions,
): LaneWorker {
  return startLaneWorker(context, { onChatMessage, onIncomingCall, onCallEnded }, options)
}
