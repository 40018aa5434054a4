import type { Clock } from '../src/model/clock.ts'

/** A clock that stands still until a test moves it. Ids are `id-1`, `id-2`, … */
export interface HandClock extends Clock {
  /** Moves the time on, and runs what comes due. */
  advance(ms: number): void
  /** How many timers wait. */
  waiting(): number
}

interface Timer {
  readonly run: () => void
  readonly everyMs: number | null
  dueMs: number
}

export function handClock(startMs = Date.parse('2026-11-20T14:06:30.000Z')): HandClock {
  const timers = new Set<Timer>()
  let nowMs = startMs
  let ids = 0

  function start(run: () => void, ms: number, everyMs: number | null): () => void {
    const timer = { run, everyMs, dueMs: nowMs + ms }
    timers.add(timer)
    return () => void timers.delete(timer)
  }

  function nextDue(untilMs: number): Timer | undefined {
    return [...timers].filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0]
  }

  return {
    now: () => nowMs,
    after: (run, ms) => start(run, ms, null),
    every: (run, ms) => start(run, ms, ms),
    makeId: () => `id-${++ids}`,
    waiting: () => timers.size,
    advance(ms) {
      const untilMs = nowMs + ms
      for (let timer = nextDue(untilMs); timer !== undefined; timer = nextDue(untilMs)) {
        nowMs = timer.dueMs
        if (timer.everyMs === null) timers.delete(timer)
        else timer.dueMs += timer.everyMs
        timer.run()
      }
      nowMs = untilMs
    },
  }
}
