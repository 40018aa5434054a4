import type { Lane } from './lane-of.ts'
import { createEndpointTurns } from './endpoint-turns.ts'

/**
 * Manners towards push services, and containment between them.
 *
 * - One request in flight an endpoint and lane (`endpoint-turns.ts`): a ring does not wait behind a
 *   chat that hangs, and who would wait behind a hanging one goes back to the broker.
 * - A push service that hangs takes at most its share: once as many as `mostUnderWay` are under way
 *   and the oldest has waited `slowMs`, further deliveries to it go back to the broker.
 * - An origin pauses only after 429 from ten endpoints within ten seconds without a success between.
 *
 * What this process has seen; nothing is lost with it.
 */
export interface OriginGate {
  /**
   * Runs `work` when no other request of this endpoint and lane is in flight.
   * A number instead: not now, come back at that time; `work` was not begun.
   */
  enter<Result extends string>(place: Place, work: () => Promise<Result>): Promise<Result | number>
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
const mostUnderWay = 64
const comeBackAfterMs = { calls: 500, chat: 3000 } as const
const limitedEndpoints = 10
const limitedWithinMs = 10_000
const pauseMs = 10_000

interface OriginState {
  /** Start times by request, oldest first, for each lane: a ring never waits for hanging chats. */
  readonly underWay: Readonly<Record<Lane, Map<object, number>>>
  /** Endpoints that were rate limited lately, with when. */
  readonly limited: Map<string, number>
  pausedUntilMs: number
}

export function createOriginGate(now: () => number): OriginGate {
  const origins = new Map<string, OriginState>()
  const turns = createEndpointTurns(slowMs)

  function stateOf(origin: string): OriginState {
    const known = origins.get(origin)
    if (known !== undefined) return known
    const fresh: OriginState = {
      underWay: { calls: new Map(), chat: new Map() },
      limited: new Map(),
      pausedUntilMs: 0,
    }
    origins.set(origin, fresh)
    return fresh
  }

  function freeAtMs({ pausedUntilMs, underWay }: OriginState, lane: Lane): number {
    // A ring is worth a request even to an origin that limits us.
    if (lane === 'chat' && pausedUntilMs > now()) return pausedUntilMs
    const requests = underWay[lane]
    const oldestMs = requests.values().next().value ?? now()
    const stuck = requests.size >= mostUnderWay && now() - oldestMs >= slowMs
    return stuck ? now() + comeBackAfterMs[lane] : 0
  }

  return {
    async enter(place, work) {
      const { lane, endpointHash } = place
      const state = stateOf(place.origin)
      const atMs = freeAtMs(state, lane)
      if (atMs > now()) return atMs
      const turn = await turns.wait(`${lane} ${endpointHash}`, endpointHash)
      if (turn === null) return now() + comeBackAfterMs[lane]
      const ticket = {}
      state.underWay[lane].set(ticket, now())
      try {
        return await work()
      } finally {
        state.underWay[lane].delete(ticket)
        turn.end()
      }
    },

    note({ origin, endpointHash }, answer) {
      turns.note(endpointHash, answer === 'silent')
      const state = stateOf(origin)
      if (answer === 'accepted') state.limited.clear()
      if (answer === 'rate_limited') noteLimit(state, endpointHash, now())
    },
  }
}

function noteLimit(state: OriginState, endpointHash: string, nowMs: number): void {
  state.limited.set(endpointHash, nowMs)
  for (const [hash, atMs] of state.limited) {
    if (atMs < nowMs - limitedWithinMs) state.limited.delete(hash)
  }
  if (state.limited.size < limitedEndpoints) return
  state.pausedUntilMs = nowMs + pauseMs
  state.limited.clear()
}
