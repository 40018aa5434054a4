import type { Log } from '../observability/log.ts'
import type { Store } from './port.ts'

/** Forgets what has no use any more: the ledger after 30 days, sessions that ran out, Expo's tickets after 24 hours. */
export interface Housekeeping {
  stop(): Promise<void>
}

const everyMs = 3_600_000
const keepDeliveriesMs = 30 * 24 * 3_600_000
/** Expo keeps a receipt no longer. */
const keepExpoTicketsMs = 24 * 3_600_000

export function startHousekeeping(options: {
  readonly store: {
    readonly [Noun in 'deliveries' | 'sessions' | 'expoTickets']: Pick<Store[Noun], 'prune'>
  }
  readonly now: () => number
  readonly log: Log
}): Housekeeping {
  let running = Promise.resolve()
  const tidy = async () => {
    try {
      await options.store.deliveries.prune(options.now() - keepDeliveriesMs)
      await options.store.sessions.prune(options.now())
      await options.store.expoTickets.prune(options.now() - keepExpoTicketsMs)
    } catch (cause) {
      options.log.warn({ err: cause }, 'Housekeeping: could not tidy, trying again in an hour')
    }
  }
  const timer = setInterval(() => {
    running = tidy()
  }, everyMs)
  running = tidy()
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
