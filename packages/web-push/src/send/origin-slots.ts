/** Gives the place back; call it once. */
type Release = () => void

interface SlotOptions {
  readonly isUrgent: boolean
  readonly signal: AbortSignal
}

/** Bounds how many requests of one origin are under way; the rest wait here, rings first. */
export interface OriginSlots {
  /** Resolves with the release of a place, or with undefined when the signal aborted first. */
  acquire(origin: string, options: SlotOptions): Promise<Release | undefined>
}

interface Line {
  busy: number
  readonly urgent: Set<() => void>
  readonly normal: Set<() => void>
}

/**
 * Waiting happens here and not in undici's queue, because a request can only leave that one by
 * costing a connection, and it knows no order but the first come.
 *
 * @param limit Requests under way for one origin.
 * @param keptForUrgent How many of those only urgent requests may take, so that a ring never
 *   waits behind a backlog of chat.
 */
export function createOriginSlots(limit: number, keptForUrgent: number): OriginSlots {
  const lines = new Map<string, Line>()

  const lineOf = (origin: string) => {
    const known = lines.get(origin)
    if (known) return known
    const line: Line = { busy: 0, urgent: new Set(), normal: new Set() }
    lines.set(origin, line)
    return line
  }

  const hasRoom = (line: Line, isUrgent: boolean) =>
    line.busy < (isUrgent ? limit : limit - keptForUrgent)

  const release = (origin: string, line: Line) => {
    line.busy--
    const queue = line.urgent.size > 0 ? line.urgent : line.normal
    const [next] = queue
    if (next && hasRoom(line, queue === line.urgent)) next()
    if (line.busy === 0) lines.delete(origin)
  }

  return {
    acquire(origin, { isUrgent, signal }) {
      if (signal.aborted) return Promise.resolve(undefined)
      const line = lineOf(origin)
      const queue = isUrgent ? line.urgent : line.normal
      const take = (): Release => {
        line.busy++
        return () => release(origin, line)
      }
      if (hasRoom(line, isUrgent)) return Promise.resolve(take())
      return new Promise((resolve) => {
        const leave = () => {
          queue.delete(enter)
          resolve(undefined)
        }
        const enter = () => {
          queue.delete(enter)
          signal.removeEventListener('abort', leave)
          resolve(take())
        }
        queue.add(enter)
        signal.addEventListener('abort', leave, { once: true })
      })
    },
  }
}
