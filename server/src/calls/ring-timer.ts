import type { Log } from '../observability/log.ts'
import type { CallStore } from '../store/port.ts'
import type { Calls } from './calls.ts'

/**
 * Ends rings that nobody answered. Durable because the due time is in the call itself: after a
 * restart of every process the first look finds what is overdue. Every api process runs one;
 * compare-and-set decides, so that a ring is missed once.
 */
export interface RingTimer {
  start(): void
  /** A call that rings until then: look again at that moment. */
  expect(expiresAtMs: number): void
  stop(): Promise<void>
}

export interface RingTimerOptions {
  readonly store: Pick<CallStore, 'due' | 'nextDueMs'>
  readonly calls: Pick<Calls, 'apply'>
  readonly now: () => number
  readonly log: Log
  /** The longest time between two looks: finds calls of other processes. Default 1,000. */
  readonly lookEveryMs?: number
}

export function createRingTimer(options: RingTimerOptions): RingTimer {
  const lookEveryMs = options.lookEveryMs ?? 1000
  let timer: NodeJS.Timeout | undefined
  let dueAtMs = Number.POSITIVE_INFINITY
  let looking: Promise<void> | null = null
  let stopped = false

  function arm(atMs: number): void {
    if (stopped) return
    clearTimeout(timer)
    dueAtMs = atMs
    timer = setTimeout(look, Math.max(0, atMs - options.now()))
  }

  async function endDueCalls(): Promise<void> {
    for (const { call } of await options.store.due(options.now(), 100)) {
      await options.calls.apply(call.sessionId, { type: 'timeout', atMs: options.now() })
    }
    const next = (await options.store.nextDueMs()) ?? Number.POSITIVE_INFINITY
    arm(Math.min(Math.max(next, options.now()), options.now() + lookEveryMs))
  }

  function look(): void {
    looking ??= endDueCalls()
      .catch((cause: unknown) => {
        options.log.warn({ err: cause }, 'Ring timer: could not look, trying again')
        arm(options.now() + lookEveryMs)
      })
      .finally(() => {
        looking = null
      })
  }

  return {
    start: look,
    expect(expiresAtMs) {
      if (expiresAtMs < dueAtMs) arm(expiresAtMs)
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await looking
    },
  }
}
