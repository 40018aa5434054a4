import type { CallEnded, IncomingCallPushMessage, NotificationPreferences } from '@belfry/contracts'
import type { Device } from '../devices/device.ts'
import type { DeliveryOrder } from './deliver.ts'
import { words } from './words.ts'

/** What a channel writes a push of a call from: its ring, or what replaces that. */
export interface CallPush<To extends Device> {
  readonly type: 'incoming_call' | 'call_ended' | 'missed_call'
  readonly call: Pick<IncomingCallPushMessage, 'sessionId' | 'callerId' | 'callerName' | 'media'>
  /** With `call_ended`. */
  readonly ended?: CallEnd | undefined
  readonly key: DeliveryOrder['key']
  readonly to: To
  readonly preview: NotificationPreferences['preview']
  readonly expiresAtMs: number
  readonly ttlSeconds: number
  readonly maxBytes: number
}

export interface CallEnd {
  readonly reason: Exclude<CallEnded['reason'], 'missed' | 'ended'>
  readonly bySomeoneElse: boolean
}

/** What the notification says. `isNamed`: the caller's name may be seen. */
export function callText(
  { type, call, ended }: Pick<CallPush<Device>, 'type' | 'call' | 'ended'>,
  isNamed: boolean,
): { title: string; body: string } {
  switch (type) {
    case 'incoming_call':
      return {
        title: isNamed ? words.calling(call.callerName) : words.incomingCall,
        body: words.media[call.media],
      }
    case 'missed_call':
      return {
        title: isNamed ? words.missedCall(call.callerName) : words.missedCallFromSomeone,
        body: words.callBack,
      }
    case 'call_ended':
      return {
        title: isNamed ? call.callerName : words.incomingCall,
        body:
          ended?.bySomeoneElse === true
            ? words.answeredBySomeoneElse
            : words.ended[ended?.reason ?? 'cancelled'],
      }
  }
}
