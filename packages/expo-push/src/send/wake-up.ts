import type { SetTimer } from '../set-timer.ts'

/** Calls `run` when it is time. */
export interface WakeUp {
  /** In this turn of the event loop, but after what is running: sends of one turn share a request. */
  soon(): void
  /** Not before then. The latest call counts; Infinity takes it back. */
  at(atMs: number): void
  /** Never again. */
  stop(): void
}

interface WakeUpOptions {
  readonly now: () => number
  readonly setTimer: SetTimer
  readonly run: () => void
}

export function createWakeUp({ now, setTimer, run }: WakeUpOptions): WakeUp {
  let isComing = false
  let isStopped = false
  let cancelTimer: (() => void) | undefined

  const soon = () => {
    if (isComing || isStopped) return
    isComing = true
    queueMicrotask(() => {
      isComing = false
      if (!isStopped) run()
    })
  }

  return {
    soon,
    at(atMs) {
      cancelTimer?.()
      cancelTimer =
        atMs === Infinity || isStopped ? undefined : setTimer(soon, Math.max(1, atMs - now()))
    },
    stop() {
      isStopped = true
      cancelTimer?.()
    },
  }
}
