import { ExpoServiceClosedError, WaitTimeoutError } from './errors.ts'
import type { EventOfType, ExpoServiceEvent } from './expo-service-event.ts'

/** What happened at an Expo push service, and a way to wait for what will. */
export interface EventLog {
  /** The events so far, oldest first; the oldest are dropped beyond the history limit. */
  readonly all: readonly ExpoServiceEvent[]
  /** The events so far of one type. */
  ofType<T extends ExpoServiceEvent['type']>(type: T): EventOfType<T>[]
  /**
   * Resolves with the first event of that type, from this call on, that satisfies the predicate.
   * Arm it before the cause: a sender may be quick.
   * Rejects with WAIT_TIMED_OUT after `timeoutMs` (never, by default), with EXPO_SERVICE_CLOSED at close.
   */
  waitFor<T extends ExpoServiceEvent['type']>(
    type: T,
    predicate?: (event: EventOfType<T>) => boolean,
    options?: { readonly timeoutMs?: number },
  ): Promise<EventOfType<T>>
}

/** The side of the log that the service itself writes to. */
export interface EventRecorder {
  readonly log: EventLog
  record(event: ExpoServiceEvent): void
  close(): void
}

/** `onEvent` is called before waiters resolve. */
export function createEventRecorder(options: {
  readonly historyLimit: number
  readonly onEvent?: ((event: ExpoServiceEvent) => void) | undefined
}): EventRecorder {
  const all: ExpoServiceEvent[] = []
  const waiters = new Set<Waiter>()
  let closed = false
  const log: EventLog = {
    all,
    ofType: (type) => all.filter((event) => isOfType(event, type)),
    waitFor(type, predicate = () => true, { timeoutMs } = {}) {
      const { promise, resolve, reject } = Promise.withResolvers<EventOfType<typeof type>>()
      // The caller may have stopped caring by the time the service closes; whoever still awaits gets the rejection.
      promise.catch(() => undefined)
      if (closed) {
        reject(new ExpoServiceClosedError(type))
        return promise
      }
      const settle = (act: () => void) => {
        clearTimeout(timer)
        waiters.delete(waiter)
        act()
      }
      const waiter: Waiter = {
        offer(event) {
          if (isOfType(event, type) && predicate(event)) settle(() => resolve(event))
        },
        end: () => settle(() => reject(new ExpoServiceClosedError(type))),
      }
      const timer =
        timeoutMs === undefined
          ? undefined
          : setTimeout(() => {
              const seen = all.slice(-20).map((event) => event.type)
              settle(() => reject(new WaitTimeoutError(type, { timeoutMs, seen })))
            }, timeoutMs)
      waiters.add(waiter)
      return promise
    },
  }
  return {
    log,
    record(event) {
      all.push(event)
      if (all.length > options.historyLimit) all.shift()
      options.onEvent?.(event)
      for (const waiter of waiters) waiter.offer(event)
    },
    close() {
      closed = true
      for (const waiter of waiters) waiter.end()
    },
  }
}

interface Waiter {
  offer(event: ExpoServiceEvent): void
  end(): void
}

function isOfType<T extends ExpoServiceEvent['type']>(
  event: ExpoServiceEvent,
  type: T,
): event is EventOfType<T> {
  return event.type === type
}
