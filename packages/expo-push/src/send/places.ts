type Release = () => void

/** Bounds how many requests are under way. */
export interface Places {
  hasRoom(isRing: boolean): boolean
  /** Call what it returns when the request is over. */
  take(): Release
  /** A place for a request that is no push; undefined when the signal aborted first. */
  wait(signal: AbortSignal): Promise<Release | undefined>
  /** Lets in those who wait, as far as there is room. */
  admit(): void
}

/**
 * One place is for rings alone, so that five requests that hang do not hold up a ring.
 *
 * @param onChange Somebody left, or began to wait: who is next?
 */
export function createPlaces(maxParallel: number, onChange: () => void): Places {
  const line = new Set<() => void>()
  let busy = 0

  const places: Places = {
    hasRoom: (isRing) => busy < (isRing ? maxParallel : maxParallel - 1),
    take() {
      busy++
      return () => {
        busy--
        onChange()
      }
    },
    wait(signal) {
      if (signal.aborted) return Promise.resolve(undefined)
      return new Promise((resolve) => {
        const leave = () => {
          line.delete(enter)
          resolve(undefined)
        }
        const enter = () => {
          line.delete(enter)
          signal.removeEventListener('abort', leave)
          resolve(places.take())
        }
        line.add(enter)
        signal.addEventListener('abort', leave, { once: true })
        onChange()
      })
    },
    admit() {
      for (const enter of line) {
        if (!places.hasRoom(false)) return
        enter()
      }
    },
  }
  return places
}
