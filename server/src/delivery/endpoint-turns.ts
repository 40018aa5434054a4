/**
 * One request at a time for one endpoint, in the order they came. Nobody waits long: once the request
 * under way has taken `slowMs`, those behind it are sent away, and so is who comes then. An endpoint
 * that was silent before is not waited for at all until it answers again: else a burst of messages
 * to one dead endpoint would hold every place that a worker has.
 */
export interface EndpointTurns {
  /** Null: sent away. `end` must be called once, `begin` at most once before. */
  wait(key: string, endpointHash: string): Turn | null | Promise<Turn | null>
  note(endpointHash: string, silent: boolean): void
}

export interface Turn {
  /** The request starts: from now on it may be slow. */
  begin(): void
  end(): void
}

interface Line {
  /** When the request under way began; null before. */
  beganAtMs: number | null
  readonly waiting: Array<(mayGo: boolean) => void>
  timer: NodeJS.Timeout | undefined
}

/** Remembered at most; those longest silent are forgotten first, and learned again. */
const mostSilent = 10_000

export function createEndpointTurns(slowMs: number, now: () => number): EndpointTurns {
  const lines = new Map<string, Line>()
  const silentOnes = new Set<string>()

  function isSlow({ beganAtMs }: Line): boolean {
    return beganAtMs !== null && now() - beganAtMs >= slowMs
  }

  /** Only while somebody waits: most requests have an endpoint for themselves, and need no timer. */
  function watch(line: Line): void {
    if (line.beganAtMs === null || line.waiting.length === 0) return
    const leftMs = Math.max(1, line.beganAtMs + slowMs - now())
    line.timer ??= setTimeout(() => {
      line.timer = undefined
      if (isSlow(line)) for (const enter of line.waiting.splice(0)) enter(false)
      else watch(line)
    }, leftMs).unref()
  }

  function turn(key: string, line: Line): Turn {
    return {
      begin() {
        line.beganAtMs = now()
        watch(line)
      },
      end() {
        clearTimeout(line.timer)
        line.timer = undefined
        line.beganAtMs = null
        const next = line.waiting.shift()
        if (next === undefined) lines.delete(key)
        else next(true)
      },
    }
  }

  return {
    wait(key, endpointHash) {
      const line = lines.get(key)
      if (line === undefined) {
        const fresh: Line = { beganAtMs: null, waiting: [], timer: undefined }
        lines.set(key, fresh)
        return turn(key, fresh)
      }
      if (isSlow(line) || silentOnes.has(endpointHash)) return null
      return new Promise((resolve) => {
        line.waiting.push((mayGo) => resolve(mayGo ? turn(key, line) : null))
        watch(line)
      })
    },
    note(endpointHash, silent) {
      silentOnes.delete(endpointHash)
      if (silent) silentOnes.add(endpointHash)
      const [oldest] = silentOnes
      if (silentOnes.size > mostSilent && oldest !== undefined) silentOnes.delete(oldest)
    },
  }
}
