import type { Broker } from '../../broker/port.ts'
import type { Calls } from '../../calls/calls.ts'
import type { Capabilities } from '../../delivery/capabilities.ts'
import type { FanOut } from '../../delivery/fan-out.ts'
import type { Log } from '../../observability/log.ts'
import type { Announce } from '../../broker/announce.ts'
import type { PresenceBoard } from '../../realtime/presence-board.ts'
import type { Store } from '../../store/port.ts'

/** What every handler of this worker is given. */
export interface WorkerContext {
  readonly store: Store
  readonly broker: Pick<Broker, 'retry'>
  readonly fanOut: FanOut
  readonly capabilities: Capabilities
  readonly presence: Pick<PresenceBoard, 'isViewing'>
  readonly calls: Pick<Calls, 'announce'>
  readonly announce: Announce
  readonly log: Log
  readonly now: () => number
  /** Base of every `navigate`: an origin. */
  readonly appUrl: string
}
