import type { Sender } from '@belfry/web-push'
import type { PushChannel } from './deliver.ts'

/** Sends to browsers. The row says which of our keys it was made with. */
export function webPushChannel(sender: Pick<Sender, 'send'>): PushChannel {
  return {
    send: (device, content, deadlineMs) =>
      sender.send({
        subscription: { endpoint: device.endpoint, p256dh: device.p256dh, auth: device.auth },
        vapidKey: device.vapidPublicKey,
        payload: content.payload,
        ttlSeconds: content.ttlSeconds,
        urgency: content.urgency,
        ...(content.topic === undefined ? {} : { topic: content.topic }),
        deadlineMs,
      }),
  }
}
