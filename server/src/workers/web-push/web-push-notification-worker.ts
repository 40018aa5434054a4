import type { LaneMessage } from '@belfry/contracts'
import { BrokerUnavailableError } from '../../broker/broker-unavailable-error.ts'
import type { Broker, QueueName, Verdict } from '../../broker/port.ts'
import type { Failpoint } from '../../observability/failpoint.ts'
import { StoreUnavailableError } from '../../store/store-unavailable-error.ts'
import { onCallEnded } from './on-call-ended.ts'
import { onChatMessage } from './on-chat-message.ts'
import { onIncomingCall } from './on-incoming-call.ts'
import type { WorkerContext } from './worker-context.ts'

/** Consumes the two web-push lanes. A ring never waits behind chat: each lane has its own consumer and prefetch. */
export interface WebPushNotificationWorker {
  stop(): Promise<void>
}

/** More than the places of several push services that hang: the others go on meanwhile. */
const prefetch = 128

const lanes: readonly QueueName[] = ['web-push.calls', 'web-push.chat']

export function startWebPushNotificationWorker(
  context: WorkerContext,
  options: { broker: Pick<Broker, 'consume'>; failpoint: Failpoint },
): WebPushNotificationWorker {
  const handle = async (message: LaneMessage): Promise<Verdict> => {
    try {
      await dispatch(context, message)
      await options.failpoint('ack.pre')
      return { kind: 'done' }
    } catch (cause) {
      // Trouble of our own: nothing is wrong with the message, so it is not counted against it.
      if (cause instanceof StoreUnavailableError || cause instanceof BrokerUnavailableError) {
        context.log.warn({ err: cause }, 'WebPush: waiting for the store or the broker')
        return { kind: 'retry', afterMs: 1000 }
      }
      context.log.error({ err: cause }, 'WebPush: a message could not be handled')
      throw cause
    }
  }
  const consumers = lanes.map((queue) => options.broker.consume(queue, handle, { prefetch }))
  return {
    async stop() {
      await Promise.all(consumers.map((consumer) => consumer.stop()))
    },
  }
}

async function dispatch(context: WorkerContext, message: LaneMessage): Promise<void> {
  const retry = 'kind' in message
  const event = retry ? message.event : message
  const only = retry ? message.deliveryId : null
  switch (event.type) {
    case 'ChatMessage':
      return onChatMessage(context, event, only)
    case 'IncomingCallPushMessage':
      return onIncomingCall(context, event, only)
    case 'CallEnded':
      return onCallEnded(context, event, only)
  }
}
