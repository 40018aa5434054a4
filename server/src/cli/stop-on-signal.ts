import type { Program } from '../compose.ts'
import type { Log } from '../observability/log.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * What SIGINT and SIGTERM do to `belfry start`.
 *
 *   starting ──started──▶ running ──signal──▶ draining ──drained──▶ exit 0
 *      │                                          └─failed, or longestDrainMs─▶ exit 1
 *      └──signal──▶ given up ──started──▶ draining
 *                      └─the start failed, or longestGivingUpMs─▶ exit 0
 *
 * A second signal ends it with 1 at once.
 */
export interface StopOnSignal {
  /** Aborted by the first signal. */
  readonly asked: AbortSignal
  /** From now on there is something to drain: at once, when a signal came before. */
  started(program: Program, log: Log): void
  /** The start was broken off, as `asked` wanted. */
  brokenOff(): void
}

/** A second signal within this is the same one: a terminal sends Ctrl-C to npm and to us. */
const sameSignalMs = 1000
const longestDrainMs = 10_000
/** Of a start that waits for a database which is away. Nothing was accepted yet. */
const longestGivingUpMs = 2000

export function stopOnSignal({
  onSignal,
  exit,
}: Pick<Surroundings, 'onSignal' | 'exit'>): StopOnSignal {
  const asking = new AbortController()
  let running: { readonly program: Program; readonly log: Log } | null = null
  let askedAtMs = 0

  function drain({ program, log }: { readonly program: Program; readonly log: Log }): void {
    log.info('Stopping: finishing what is in hand')
    setTimeout(() => exit(1), longestDrainMs).unref()
    program.stop().then(
      () => exit(0),
      (cause: unknown) => {
        log.error({ err: cause }, 'Stopping failed; what was accepted is in the store')
        exit(1)
      },
    )
  }

  function leaveStart(): void {
    if (running === null) exit(0)
  }

  onSignal(() => {
    if (asking.signal.aborted) {
      if (performance.now() - askedAtMs > sameSignalMs) exit(1)
      return
    }
    askedAtMs = performance.now()
    asking.abort()
    if (running !== null) drain(running)
    else setTimeout(leaveStart, longestGivingUpMs).unref()
  })

  return {
    asked: asking.signal,
    started(program, log) {
      running = { program, log }
      if (asking.signal.aborted) drain(running)
    },
    brokenOff: () => exit(0),
  }
}
