import type { Announce } from '../broker/announce.ts'
import type { Calls } from '../calls/calls.ts'
import type { Device } from '../devices/device.ts'
import type { Log } from '../observability/log.ts'
import type { Store } from '../store/port.ts'
import type { CallTombstones } from './call-tombstone.ts'
import type { Capabilities } from './capabilities.ts'
import type { FanOut } from './fan-out.ts'
import type { PushChannel } from './push-channel.ts'

/** What the handlers of a push worker are given, whatever kind of device they send to. */
export interface PushWork<To extends Device, Content> {
  readonly channel: Pick<PushChannel<To, Content>, 'name' | 'queues'>
  readonly store: Store
  readonly fanOut: FanOut<To, Content>
  readonly capabilities: Capabilities
  readonly tombstones: CallTombstones
  readonly presence: Presence
  readonly calls: Pick<Calls, 'announce'>
  readonly announce: Announce
  readonly log: Log
  readonly now: () => number
}

/** Which tabs are seen. */
interface Presence {
  isViewing(userId: string, deviceId: string, conversationId: string): boolean
}
