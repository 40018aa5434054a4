import { eventId, type LaneMessage } from '@belfry/contracts'
import type { Handler, Verdict } from '../port.ts'

export interface Received {
  readonly id: string
  readonly message: LaneMessage
  readonly redelivered: boolean
  readonly atMs: number
}

/** A handler that writes down what it is given, and lets a test wait for it. */
export interface Inbox {
  readonly handler: Handler
  readonly received: readonly Received[]
  /** Resolves with the nth (1 is the first) message of that id, or of any. */
  got(n: number, id?: string): Promise<Received>
  /** The most that were in hand at the same time. */
  mostAtOnce(): number
}

export function inbox(
  answer: (received: Received) => Verdict | Promise<Verdict> = () => ({ kind: 'done' }),
): Inbox {
  const received: Received[] = []
  const waiting = new Set<(entry: Received) => void>()
  let inHand = 0
  let most = 0
  return {
    received,
    mostAtOnce: () => most,
    async handler(message, { redelivered }) {
      inHand += 1
      most = Math.max(most, inHand)
      const entry = { id: idOf(message), message, redelivered, atMs: performance.now() }
      received.push(entry)
      for (const look of waiting) look(entry)
      try {
        return await answer(entry)
      } finally {
        inHand -= 1
      }
    },
    got(n, id) {
      return new Promise((resolve) => {
        let seen = 0
        const look = (entry: Received) => {
          if (id !== undefined && entry.id !== id) return
          seen += 1
          if (seen !== n) return
          waiting.delete(look)
          resolve(entry)
        }
        waiting.add(look)
        for (const entry of received) look(entry)
      })
    },
  }
}

/** An answer that is held back until the test gives it. */
export function gate(): { readonly verdict: Promise<Verdict>; open(verdict: Verdict): void } {
  const { promise, resolve } = Promise.withResolvers<Verdict>()
  return { verdict: promise, open: resolve }
}

export function idOf(message: LaneMessage): string {
  return 'kind' in message ? message.deliveryId : eventId(message)
}
