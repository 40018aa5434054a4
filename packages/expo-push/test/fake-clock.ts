import type { SetTimer } from '../src/index.ts'

/** Time that passes only when nothing else can happen. */
export interface FakeClock {
  readonly now: () => number
  readonly setTimer: SetTimer
  /** Lets time pass until the work is done. */
  finish<Result>(work: Promise<Result>): Promise<Result>
  /** Lets this much time pass, and all that happens in it. */
  pass(ms: number): Promise<void>
  /** Timers that were set, and neither ran nor were cancelled. */
  readonly pending: () => number
}

interface Timer {
  readonly atMs: number
  readonly run: () => void
}

export function createFakeClock(startMs = Date.UTC(2026, 10, 21, 10)): FakeClock {
  const timers = new Set<Timer>()
  let nowMs = startMs

  const next = (): Timer | undefined => {
    let earliest: Timer | undefined
    for (const timer of timers) if (!earliest || timer.atMs < earliest.atMs) earliest = timer
    return earliest
  }
  const fire = (timer: Timer) => {
    timers.delete(timer)
    nowMs = Math.max(nowMs, timer.atMs)
    timer.run()
  }

  return {
    now: () => nowMs,
    setTimer(run, delayMs) {
      const timer = { atMs: nowMs + Math.max(0, delayMs), run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    async finish(work) {
      let isDone = false
      const end = () => {
        isDone = true
      }
      work.then(end, end)
      for (;;) {
        await settled()
        if (isDone) return work
        const timer = next()
        if (!timer) throw new Error('nothing is left that could finish this')
        fire(timer)
      }
    },
    async pass(ms) {
      const untilMs = nowMs + ms
      await settled()
      for (let timer = next(); timer && timer.atMs <= untilMs; timer = next()) {
        fire(timer)
        await settled()
      }
      nowMs = untilMs
    },
    pending: () => timers.size,
  }
}

/** All that could happen without time passing has happened: reading an answer takes a few turns. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}
