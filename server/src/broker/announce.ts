import type { RealtimeEventName, RealtimeEvents } from '@belfry/contracts'
import type { Broker } from './port.ts'
import type { Log } from '../observability/log.ts'

/** Tells the open tabs of these people. Best effort: after a reconnect a tab asks the API again. */
export type Announce = <Name extends RealtimeEventName>(
  to: readonly string[],
  name: Name,
  payload: RealtimeEvents[Name],
) => void

export function createAnnounce(broker: Pick<Broker, 'broadcast'>, log: Log): Announce {
  return (to, name, payload) => {
    broker.broadcast({ kind: 'realtime', to, name, payload }).catch((cause: unknown) => {
      log.warn(
        { err: cause, name },
        'Realtime: an announcement was lost; tabs ask again after a reconnect',
      )
    })
  }
}
