import { WebPushError, type Outcome, type Sender } from '@belfry/web-push'
import type { PushChannel } from './deliver.ts'

/** Sends to browsers. The row says which of our keys it was made with. */
export function webPushChannel(sender: Pick<Sender, 'send'>): PushChannel {
  return {
    async send(device, content, deadlineMs): Promise<Outcome> {
      try {
        return await sender.send({
          subscription: { endpoint: device.endpoint, p256dh: device.p256dh, auth: device.auth },
          vapidKey: device.vapidPublicKey,
          payload: content.payload,
          ttlSeconds: content.ttlSeconds,
          urgency: content.urgency,
          ...(content.topic === undefined ? {} : { topic: content.topic }),
          deadlineMs,
        })
      } catch (cause) {
        // The program stops: what was still waiting for its turn goes the way of what was cut off.
        if (cause instanceof WebPushError && cause.code === 'SENDER_CLOSED') {
          return { kind: 'retry', reason: 'aborted', ambiguous: false }
        }
        throw cause
      }
    },
  }
}
