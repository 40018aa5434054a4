import type {
  CallEnded,
  ChatMessage,
  IncomingCallPushMessage,
  LaneMessage,
} from '@belfry/contracts'
import { BrokerUnavailableError } from '../broker/broker-unavailable-error.ts'
import type { Broker, Verdict } from '../broker/port.ts'
import type { Failpoint } from '../observability/failpoint.ts'
import { StoreUnavailableError } from '../store/store-unavailable-error.ts'
import type { PushWork } from './push-work.ts'

/** Consumes the two lanes of a channel. A ring never waits behind chat: each lane has its own consumer and prefetch. */
export interface LaneWorker {
  stop(): Promise<void>
}

/** What is done with each event; `only` names the one delivery that a retry concerns, null means all. */
export interface Handlers<Context> {
  onChatMessage(context: Context, event: ChatMessage, only: string | null): Promise<void>
  onIncomingCall(
    context: Context,
    event: IncomingCallPushMessage,
    only: string | null,
  ): Promise<void>
  onCallEnded(context: Context, event: CallEnded, only: string | null): Promise<void>
}

export interface LaneWorkerOptions {
  readonly broker: Pick<Broker, 'consume'>
  readonly failpoint: Failpoint
}

/** More than the places of several push services that hang: the others go on meanwhile. */
const prefetch = 128
/** A ring waits for nothing that it need not wait for: this is for messages alone. */
const chatWhenBusy = 32

export function startLaneWorker<Context extends Pick<PushWork<never, never>, 'channel' | 'log'>>(
  context: Context,
  handlers: Handlers<Context>,
  { broker, failpoint }: LaneWorkerOptions,
): LaneWorker {
  const { channel, log } = context
  const handle = async (message: LaneMessage): Promise<Verdict> => {
    try {
      await dispatch(context, handlers, message)
      await failpoint('ack.pre')
      return { kind: 'done' }
    } catch (cause) {
      // Trouble of our own: nothing is wrong with the message, so it is not counted against it.
      if (cause instanceof StoreUnavailableError || cause instanceof BrokerUnavailableError) {
        log.warn({ err: cause }, `${channel.name}: waiting for the store or the broker`)
        return { kind: 'retry', afterMs: 1000 }
      }
      log.error({ err: cause }, `${channel.name}: a message could not be handled`)
      throw cause
    }
  }
  const consumers = [
    broker.consume(channel.queues.calls, handle, { prefetch }),
    broker.consume(channel.queues.chat, handle, { prefetch, whenBusy: chatWhenBusy }),
  ]
  return {
    async stop() {
      await Promise.all(consumers.map((consumer) => consumer.stop()))
    },
  }
}

async function dispatch<Context>(
  context: Context,
  handlers: Handlers<Context>,
  message: LaneMessage,
): Promise<void> {
  const retry = 'kind' in message
  const event = retry ? message.event : message
  const only = retry ? message.deliveryId : null
  switch (event.type) {
    case 'ChatMessage':
      return handlers.onChatMessage(context, event, only)
    case 'IncomingCallPushMessage':
      return handlers.onIncomingCall(context, event, only)
    case 'CallEnded':
      return handlers.onCallEnded(context, event, only)
  }
}
