import { createEndpointTurns } from './endpoint-turns.ts'
import type { Lane } from './lane-of.ts'
import { createOriginPlaces } from './origin-places.ts'

/**
 * Manners towards push services, and containment between them.
 *
 * - One request in flight an endpoint and lane (`endpoint-turns.ts`): a ring does not wait behind a
 *   chat that hangs, and who would wait behind a hanging one goes back to the broker.
 * - A push service that hangs as a whole takes its own places and no others (`origin-places.ts`).
 * - An origin pauses only after 429 from ten endpoints within ten seconds without a success between.
 *
 * What this process has seen; nothing is lost with it.
 */
export interface OriginGate {
  /**
   * Runs `work` when it is this endpoint's turn and its push service has a place; tells it whether
   * it came after another request of this endpoint. A number instead: not now, come back at that time; `work` was not begun.
   */
  enter<Result extends string>(
    place: Place,
    work: (afterAnother: boolean) => Promise<Result>,
  ): Promise<Result | number>
  /** What the push service answered. `silent`: nothing, in time. */
  note(place: Pick<Place, 'origin' | 'endpointHash'>, answer: Answer): void
}

export interface Place {
  readonly endpointHash: string
  readonly origin: string
  readonly lane: Lane
}

export type Answer = 'accepted' | 'rate_limited' | 'silent' | 'other'

/** Well below the second within which a bad endpoint may delay a good one. */
const slowMs = 800
/** Of browsers' push services: the sender has 64 connections an origin, and keeps 8 of them for what is urgent. */
const webPushPlaces = { calls: 64, chat: 56 } as const
const comeBackAfterMs = { calls: 500, chat: 3000 } as const
const limitedEndpoints = 10
const limitedWithinMs = 10_000
const pauseMs = 10_000

/** `most`: requests under way to one origin, by lane. */
export function createOriginGate(
  now: () => number,
  most: Readonly<Record<Lane, number>> = webPushPlaces,
): OriginGate {
  const turns = createEndpointTurns(slowMs, now)
  const places = createOriginPlaces({ most, slowMs, now })
  const limits = createRateLimits(now)

  return {
    async enter({ origin, endpointHash, lane }, work) {
      // A ring is worth a request even to an origin that limits us.
      const pausedUntilMs = limits.pausedUntilMs(origin)
      if (lane === 'chat' && pausedUntilMs > now()) return pausedUntilMs
      const comeBack = () => now() + comeBackAfterMs[lane]
      const turnOrWait = turns.wait(`${lane} ${endpointHash}`, endpointHash)
      const turn = await turnOrWait
      if (turn === null) return comeBack()
      try {
        const leave = await places.take(origin, lane)
        if (leave === null) return comeBack()
        try {
          turn.begin()
          return await work(turnOrWait instanceof Promise)
        } finally {
          leave()
        }
      } finally {
        turn.end()
      }
    },

    note({ origin, endpointHash }, answer) {
      turns.note(endpointHash, answer === 'silent')
      if (answer !== 'silent') places.answered(origin)
      if (answer === 'accepted') limits.forget(origin)
      if (answer === 'rate_limited') limits.note(origin, endpointHash)
    },
  }
}

/** Which endpoints of an origin were rate limited lately, and whether the origin pauses for it. */
function createRateLimits(now: () => number) {
  const limited = new Map<string, Map<string, number>>()
  const pauses = new Map<string, number>()
  return {
    pausedUntilMs: (origin: string) => pauses.get(origin) ?? 0,
    forget: (origin: string) => void limited.delete(origin),
    note(origin: string, endpointHash: string) {
      const since = now() - limitedWithinMs
      const before = limited.get(origin) ?? new Map<string, number>()
      const recent = new Map([...before].filter(([, atMs]) => atMs >= since))
      recent.set(endpointHash, now())
      limited.set(origin, recent)
      if (recent.size < limitedEndpoints) return
      pauses.set(origin, now() + pauseMs)
      limited.delete(origin)
    },
  }
}
