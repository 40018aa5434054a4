import type { QueueName } from '../broker/port.ts'
import type { Device } from '../devices/device.ts'
import type { Channel } from '../observability/log-lines.ts'
import type { DeliveryOrder } from './deliver.ts'
import type { SendAccepted, SendOutcome, SendRejected } from './send-outcome.ts'

/**
 * The way to one kind of device, and what is particular about it: where it leads, what may be
 * sent, and what the answers of its push service mean beyond what all have in common.
 */
export interface PushChannel<To extends Device, Content> {
  /** In log lines. */
  readonly name: Channel
  /** The lanes of events for such devices. */
  readonly queues: { readonly chat: QueueName; readonly calls: QueueName }
  /** A first attempt, and the one after "too large": what `DeliveryJob.write` is asked for. */
  readonly maxBytes: { readonly usual: number; readonly smallest: number }
  /** Is it of the kind that this sends to? */
  takes(device: Device): device is To
  placeOf(device: To): ChannelPlace
  /** Why nothing is sent to it for now, though neither it nor its turn is in the way. Null: nothing. */
  holdOf(device: To): Hold | null
  send(device: To, content: Content, deadlineMs: number): Promise<SendOutcome>
  /** Its push service took it. Awaited before the ledger says so. */
  noteAccepted(
    to: { order: DeliveryOrder; device: To },
    accepted: SendAccepted,
  ): Promise<void> | void
  /** What its push service refused; a hold: the fault lies elsewhere, so it is worth a later attempt. */
  onRejected(device: To, rejected: SendRejected): 'keep' | 'forget' | Hold
  /** May what has perhaps arrived be sent again? */
  mayRepeat(device: To): boolean
}

export interface ChannelPlace {
  /** What one push service is, for manners: what hangs or pauses as a whole. */
  readonly origin: string
  /** Shown to operators and counted by. */
  readonly host: string
}

export interface Hold {
  readonly untilMs: number
  readonly reason: string
}
