import type { Calls } from '../../calls/calls.ts'
import type { CallTombstones } from '../../delivery/call-tombstone.ts'
import type { Capabilities } from '../../delivery/capabilities.ts'
import type { FanOut } from '../../delivery/fan-out.ts'
import type { Log } from '../../observability/log.ts'
import type { Announce } from '../../broker/announce.ts'
import type { PresenceBoard } from '../../realtime/presence-board.ts'
import type { Store } from '../../store/port.ts'

/** What every handler of this worker is given. */
export interface WorkerContext {
  readonly store: Store
  readonly fanOut: FanOut
  readonly capabilities: Capabilities
  readonly tombstones: CallTombstones
  readonly presence: Pick<PresenceBoard, 'isViewing'>
  readonly calls: Pick<Calls, 'announce'>
  readonly announce: Announce
  readonly log: Log
  readonly now: () => number
  /** Base of every `navigate`: an origin. */
  readonly appUrl: string
}
