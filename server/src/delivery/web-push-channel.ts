import { WebPushError, type Sender } from '@belfry/web-push'
import type { BrowserDevice } from '../devices/device.ts'
import { createKeyMismatches } from './key-mismatch.ts'
import type { PushChannel } from './push-channel.ts'
import { isApple, placeOfEndpoint } from './push-hosts.ts'

/** One encrypted push for one browser. */
export interface PushContent {
  readonly payload: string
  readonly ttlSeconds: number
  readonly urgency: 'high' | 'normal'
  /** 32 characters; absent for a test. */
  readonly topic?: string
}

export type WebPushChannel = PushChannel<BrowserDevice, PushContent>

/** Sends to browsers. The row says which of our keys it was made with. */
export function webPushChannel(sender: Pick<Sender, 'send'>, now: () => number): WebPushChannel {
  const keyMismatches = createKeyMismatches(now)
  return {
    name: 'WebPush',
    queues: { chat: 'web-push.chat', calls: 'web-push.calls' },
    // CONTRACT: plaintext at most 2,800 bytes, after a 413 once more at most 700.
    maxBytes: { usual: 2800, smallest: 700 },
    takes: (device) => device.kind === 'browser',
    placeOf: ({ endpoint }) => placeOfEndpoint(endpoint),
    holdOf: () => null,
    mayRepeat: ({ endpoint }) => !isApple(endpoint),
    noteAccepted({ device }) {
      const { endpoint, vapidPublicKey, endpointHash } = device
      keyMismatches.noteAccepted(placeOfEndpoint(endpoint).origin, vapidPublicKey, endpointHash)
    },
    onRejected({ endpoint, vapidPublicKey, endpointHash }, { reason }) {
      if (reason !== 'key_mismatch') return 'keep'
      const { origin } = placeOfEndpoint(endpoint)
      return keyMismatches.mayForget(origin, vapidPublicKey, endpointHash) ? 'forget' : 'keep'
    },
    async send(device, content, deadlineMs) {
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
