import type { PushData } from '@belfry/contracts'
import { callText, type CallPush } from '../../delivery/call-push.ts'
import { pushPayload } from '../../delivery/push-payload.ts'
import type { PushContent } from '../../delivery/web-push-channel.ts'
import { words } from '../../delivery/words.ts'
import type { BrowserDevice } from '../../devices/device.ts'
import type { WorkerContext } from './worker-context.ts'

/** All pushes of one call share their tag and Topic, so that the later one replaces the ring. */
export function callContent(context: WorkerContext, push: CallPush<BrowserDevice>): PushContent {
  const { call, key } = push
  const isNamed = push.preview !== 'none'
  return {
    payload: pushPayload(
      {
        ...callText(push, isNamed),
        navigate: `${context.appUrl}/calls/incoming?sessionId=${encodeURIComponent(call.sessionId)}`,
        tag: `call-${call.sessionId}`,
        silent: push.type === 'call_ended',
        data: data(context, push, isNamed ? call.callerName : words.someone),
      },
      push.maxBytes,
    ),
    ttlSeconds: push.ttlSeconds,
    urgency: push.type === 'missed_call' ? 'normal' : 'high',
    topic: context.capabilities.topic('call', key.subjectId ?? call.sessionId),
  }
}

function data(context: WorkerContext, push: CallPush<BrowserDevice>, callerName: string): PushData {
  const { call, key } = push
  const shared = {
    v: 1 as const,
    id: key.id,
    sessionId: call.sessionId,
    callerUid: call.callerId,
    callerName,
    ts: Math.floor(context.now() / 1000),
    exp: Math.floor(push.expiresAtMs / 1000),
    receipt: context.capabilities.receipt({
      deliveryId: key.id,
      deviceRowId: push.to.id,
      subjectId: call.sessionId,
    }),
  }
  if (push.type === 'call_ended') {
    return { ...shared, type: 'call_ended', reason: push.ended?.reason ?? 'cancelled' }
  }
  return { ...shared, type: push.type, media: call.media }
}
