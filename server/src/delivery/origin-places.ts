import type { Lane } from './lane-of.ts'

type Leave = () => void

/**
 * How many requests of one push service are under way, by lane; the others wait here. A service that
 * has given no answer for `slowMs` while all its places were taken is stuck: those who wait for
 * it are sent away, and so is who comes then. Who waits for another service never notices.
 */
export interface OriginPlaces {
  /** Null: sent away. Give the place back once. */
  take(origin: string, lane: Lane): Leave | null | Promise<Leave | null>
  /** The service answered something, to whomever. */
  answered(origin: string): void
}

export interface OriginPlacesOptions {
  readonly most: Readonly<Record<Lane, number>>
  readonly slowMs: number
  readonly now: () => number
}

interface Line {
  busy: number
  /** When it became full, or last answered while it was. */
  aliveAtMs: number
  readonly waiting: Array<(mayGo: boolean) => void>
  timer: NodeJS.Timeout | undefined
}

export function createOriginPlaces({ most, slowMs, now }: OriginPlacesOptions): OriginPlaces {
  const lines: Readonly<Record<Lane, Map<string, Line>>> = { calls: new Map(), chat: new Map() }

  function lineOf(origin: string, lane: Lane): Line {
    const known = lines[lane].get(origin)
    if (known !== undefined) return known
    const fresh: Line = { busy: 0, aliveAtMs: 0, waiting: [], timer: undefined }
    lines[lane].set(origin, fresh)
    return fresh
  }

  /** Looks again when it would be stuck, for as long as anybody waits. */
  function watch(line: Line): void {
    line.timer ??= setTimeout(
      () => {
        line.timer = undefined
        if (line.waiting.length === 0) return
        if (now() - line.aliveAtMs < slowMs) watch(line)
        else for (const enter of line.waiting.splice(0)) enter(false)
      },
      Math.max(1, line.aliveAtMs + slowMs - now()),
    ).unref()
  }

  function enter(line: Line, lane: Lane): Leave {
    line.busy += 1
    if (line.busy === most[lane]) line.aliveAtMs = now()
    return () => {
      line.busy -= 1
      line.waiting.shift()?.(true)
    }
  }

  return {
    take(origin, lane) {
      const line = lineOf(origin, lane)
      if (line.busy < most[lane]) return enter(line, lane)
      if (now() - line.aliveAtMs >= slowMs) return null
      return new Promise((resolve) => {
        line.waiting.push((mayGo) => resolve(mayGo ? enter(line, lane) : null))
        watch(line)
      })
    },
    answered(origin) {
      for (const lane of ['calls', 'chat'] as const) {
        const line = lines[lane].get(origin)
        if (line !== undefined) line.aliveAtMs = now()
      }
    },
  }
}
