import type {
  CallEnded,
  IncomingCallPushMessage,
  NotificationPreferences,
  PushData,
} from '@belfry/contracts'
import type { DeliveryJob, PushContent } from '../../delivery/deliver.ts'
import { pushPayload } from '../../delivery/push-payload.ts'
import { words } from '../../delivery/words.ts'
import type { WorkerContext } from './worker-context.ts'

export interface CallContentInput {
  readonly type: 'incoming_call' | 'call_ended' | 'missed_call'
  readonly call: Pick<IncomingCallPushMessage, 'sessionId' | 'callerId' | 'callerName' | 'media'>
  /** With `call_ended`. */
  readonly ended?:
    | {
        readonly reason: Exclude<CallEnded['reason'], 'missed' | 'ended'>
        readonly bySomeoneElse: boolean
      }
    | undefined
  readonly key: DeliveryJob['key']
  /** Row id of the device. */
  readonly to: string
  readonly preview: NotificationPreferences['preview']
  readonly expiresAtMs: number
  readonly ttlSeconds: number
  readonly urgency: PushContent['urgency']
  readonly maxBytes: number
}

/** All pushes of one call share their tag and Topic, so that the later one replaces the ring. */
export function callContent(context: WorkerContext, input: CallContentInput): PushContent {
  const { call, key } = input
  const hidden = input.preview === 'none'
  const callerName = hidden ? words.someone : call.callerName
  return {
    payload: pushPayload(
      {
        ...text(input, hidden),
        navigate: `${context.appUrl}/calls/incoming?sessionId=${encodeURIComponent(call.sessionId)}`,
        tag: `call-${call.sessionId}`,
        silent: input.type === 'call_ended',
        data: data(context, input, callerName),
      },
      input.maxBytes,
    ),
    ttlSeconds: input.ttlSeconds,
    urgency: input.urgency,
    topic: context.capabilities.topic('call', key.subjectId ?? call.sessionId),
  }
}

function data(context: WorkerContext, input: CallContentInput, callerName: string): PushData {
  const { call, key } = input
  const shared = {
    v: 1 as const,
    id: key.id,
    sessionId: call.sessionId,
    callerUid: call.callerId,
    callerName,
    ts: Math.floor(context.now() / 1000),
    exp: Math.floor(input.expiresAtMs / 1000),
    receipt: context.capabilities.receipt({
      deliveryId: key.id,
      deviceRowId: input.to,
      subjectId: call.sessionId,
    }),
  }
  if (input.type === 'call_ended') {
    return { ...shared, type: 'call_ended', reason: input.ended?.reason ?? 'cancelled' }
  }
  return { ...shared, type: input.type, media: call.media }
}

function text(input: CallContentInput, hidden: boolean): { title: string; body: string } {
  const { call } = input
  switch (input.type) {
    case 'incoming_call':
      return {
        title: hidden ? words.incomingCall : words.calling(call.callerName),
        body: words.media[call.media],
      }
    case 'missed_call':
      return {
        title: hidden ? words.missedCallFromSomeone : words.missedCall(call.callerName),
        body: words.callBack,
      }
    case 'call_ended':
      return {
        title: hidden ? words.incomingCall : call.callerName,
        body:
          input.ended?.bySomeoneElse === true
            ? words.answeredBySomeoneElse
            : words.ended[input.ended?.reason ?? 'cancelled'],
      }
  }
}
