import type { Broker } from '../broker/port.ts'
import type { Failpoint } from '../observability/failpoint.ts'
import type { Log } from '../observability/log.ts'
import type { OutboxStore, PendingEvent } from '../store/port.ts'

/**
 * Carries events from the outbox to the broker. Whoever writes an event hands it over at once;
 * what a crash, a full relay or a broker's outage left behind is found by the sweeper.
 * On one embedded file events are in the queue with what caused them: there is nothing to hand over.
 * A lost confirm means "may be stored": the same event is published again, and consumers absorb it.
 */
export interface Relay {
  /** Publishes soon and returns at once: the event is durable already. */
  hand(events: readonly PendingEvent[]): void
  /** Starts the sweeper; also sweeps at once, because a crash may lie behind us. */
  start(): void
  /** Resolves when nothing is under way. */
  stop(): Promise<void>
}

export interface RelayOptions {
  readonly outbox: Omit<OutboxStore, 'count'>
  readonly broker: Pick<Broker, 'publish'>
  readonly now: () => number
  readonly log: Log
  readonly failpoint: Failpoint
  /** How often the sweeper looks. Default 1,000. */
  readonly sweepEveryMs?: number
  /** Younger events are still in the hands of whoever wrote them. Default 2,000. */
  readonly leaveAloneMs?: number
}

/** More hand-overs at once mean that the broker is slow: the rest waits in the outbox, not in memory. */
const mostUnderWay = 1000
const sweepBatch = 200

export function createRelay(options: RelayOptions): Relay {
  const { outbox, now, log, sweepEveryMs = 1000, leaveAloneMs = 2000 } = options
  const underWay = new Set<Promise<void>>()
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  function track(work: Promise<unknown>): void {
    const entry = work.then(() => {
      underWay.delete(entry)
    })
    underWay.add(entry)
  }

  async function sweep(beforeMs: number): Promise<void> {
    try {
      for (;;) {
        const pending = await outbox.pending(beforeMs, sweepBatch)
        if (pending.length === 0 || stopped) return
        log.info({ events: pending.length }, 'Relay: publishing what was left in the outbox')
        if (!(await publish(options, pending))) return
      }
    } catch (cause) {
      log.warn({ err: cause }, 'Relay: the outbox could not be read, trying again')
    }
  }

  function schedule(): void {
    if (stopped) return
    timer = setTimeout(() => track(sweep(now() - leaveAloneMs).then(schedule)), sweepEveryMs)
  }

  return {
    hand(events) {
      if (outbox.queued || events.length === 0 || stopped || underWay.size >= mostUnderWay) return
      track(publish(options, events))
    },
    start() {
      track(sweep(now()).then(schedule))
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await Promise.all(underWay)
    },
  }
}

/** False: some were not confirmed, or the confirm could not be noted. Those stay in the outbox. */
async function publish(options: RelayOptions, events: readonly PendingEvent[]): Promise<boolean> {
  const { outbox, broker, log, failpoint } = options
  try {
    await failpoint('relay.pre')
    const answers = await Promise.allSettled(
      events.map(({ event }) =>
        Promise.all([broker.publish(event), failpoint('relay.unconfirmed')]),
      ),
    )
    await failpoint('relay.premark')
    const confirmed = events.filter((_event, index) => answers[index]?.status === 'fulfilled')
    if (confirmed.length > 0) await outbox.confirm(confirmed)
    const failed = answers.find((answer) => answer.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    return true
  } catch (cause) {
    log.warn(
      { err: cause, events: events.length },
      'Relay: publishing failed, the sweeper tries again',
    )
    return false
  }
}
