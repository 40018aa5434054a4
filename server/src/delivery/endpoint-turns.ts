/**
 * One request at a time for one endpoint, in the order they came. Nobody waits long: once the request
 * under way has taken `slowMs`, those behind it are sent away, and so is who comes then. An endpoint
 * that was silent before is not waited for at all until it answers again: else a burst of messages
 * to one dead endpoint would hold every place that a worker has.
 */
export interface EndpointTurns {
  /** Null: sent away. `end` must be called once. */
  wait(key: string, endpointHash: string): Promise<Turn | null>
  note(endpointHash: string, silent: boolean): void
}

export interface Turn {
  end(): void
}

interface Line {
  slow: boolean
  timer: NodeJS.Timeout | undefined
  readonly waiting: Array<(mayGo: boolean) => void>
}

/** Remembered at most; those longest silent are forgotten first, and learned again. */
const mostSilent = 10_000

export function createEndpointTurns(slowMs: number): EndpointTurns {
  const lines = new Map<string, Line>()
  const silentOnes = new Set<string>()

  function watch(line: Line): void {
    line.slow = false
    line.timer = setTimeout(() => {
      line.slow = true
      for (const enter of line.waiting.splice(0)) enter(false)
    }, slowMs).unref()
  }

  function turn(key: string, line: Line): Turn {
    return {
      end() {
        clearTimeout(line.timer)
        const next = line.waiting.shift()
        if (next === undefined) {
          lines.delete(key)
          return
        }
        watch(line)
        next(true)
      },
    }
  }

  return {
    wait(key, endpointHash) {
      const line = lines.get(key)
      if (line === undefined) {
        const fresh: Line = { slow: false, timer: undefined, waiting: [] }
        watch(fresh)
        lines.set(key, fresh)
        return Promise.resolve(turn(key, fresh))
      }
      if (line.slow || silentOnes.has(endpointHash)) return Promise.resolve(null)
      return new Promise((resolve) => {
        line.waiting.push((mayGo) => resolve(mayGo ? turn(key, line) : null))
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
