/**
 * How many messages a consumer works at at once: few while they keep the event loop busy, when more would end no
 * sooner and only be there to be collected (128 instead of 32 are 25 us of a push's CPU); many while they
 * wait for push services.
 */
export interface Breadth {
  /** Whether one more may begin beside so many. A "no" is taken back by `onWider`. */
  hasRoom(inHand: number): boolean
  close(): void
}

export interface BreadthOptions {
  /** Never more. */
  readonly most: number
  /** That many never wait. */
  readonly whenBusy: number
  /** Of the event loop since it was last asked, 0 to 1. */
  readonly utilization: () => number
  readonly onWider: () => void
}

const step = 16
const lookEveryMs = 10
/** Below, more messages would find something to do; above, they would only wait. */
const idleBelow = 0.9
const busyAbove = 0.97

export function createBreadth({ most, whenBusy, utilization, onWider }: BreadthOptions): Breadth {
  const narrowest = Math.min(most, whenBusy)
  let width = narrowest
  let wasAsked = false
  let timer: NodeJS.Timeout | undefined

  /** Looks on for as long as somebody asks in vain. */
  function look(): void {
    timer = undefined
    if (!wasAsked) return
    lookSoon()
    const used = utilization()
    if (used > busyAbove) width = Math.max(narrowest, width - step)
    if (used >= idleBelow || width === most) return
    width = Math.min(most, width + step)
    onWider()
  }

  function lookSoon(): void {
    wasAsked = false
    timer = setTimeout(look, lookEveryMs).unref()
  }

  return {
    hasRoom(inHand) {
      if (inHand < width) return true
      if (narrowest === most) return false
      if (timer === undefined) {
        utilization()
        lookSoon()
      }
      wasAsked = true
      return false
    },
    close: () => clearTimeout(timer),
  }
}

/** Of this process's event loop: https://nodejs.org/api/perf_hooks.html */
export function eventLoopUtilization(): () => number {
  let before = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    return utilization
  }
}
