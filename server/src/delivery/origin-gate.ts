import type { Lane } from './lane-of.ts'

/**
 * Manners towards push services, and containment between them.
 *
 * - One request in flight an endpoint and lane: a ring does not wait behind a chat that hangs.
 * - A push service that hangs takes at most its share: once as many as `mostUnderWay` are under way
 *   and the oldest has waited `slowMs`, further deliveries to it go back to the broker.
 * - An origin pauses only after 429 from ten endpoints within ten seconds without a success between.
 *
 * What this process has seen; nothing is lost with it.
 */
export interface OriginGate {
  /** When a delivery to this origin may begin; 0 or the past means now. */
  freeAtMs(origin: string, lane: Lane): number
  /** Runs `work` when no other request of this endpoint is in flight. */
  inTurn<Result>(place: Place, work: () => Promise<Result>): Promise<Result>
  /** What the push service answered. */
  note(origin: string, answer: 'accepted' | 'rate_limited', endpointHash: string): void
}

export interface Place {
  readonly endpointHash: string
  readonly origin: string
  readonly lane: Lane
}

const mostUnderWay = 64
const slowMs = 1500
const comeBackAfterMs = 1000
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
  const turns = createTurns()

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

  return {
    freeAtMs(origin, lane) {
      const state = origins.get(origin)
      if (state === undefined) return 0
      // A ring is worth a request even to an origin that limits us.
      if (lane === 'chat' && state.pausedUntilMs > now()) return state.pausedUntilMs
      const requests = state.underWay[lane]
      const oldestMs = requests.values().next().value ?? now()
      const stuck = requests.size >= mostUnderWay && now() - oldestMs >= slowMs
      return stuck ? now() + comeBackAfterMs : 0
    },

    inTurn: (place, work) =>
      turns(`${place.lane} ${place.endpointHash}`, async () => {
        const ticket = {}
        const requests = stateOf(place.origin).underWay[place.lane]
        requests.set(ticket, now())
        try {
          return await work()
        } finally {
          requests.delete(ticket)
        }
      }),

    note(origin, answer, endpointHash) {
      const state = stateOf(origin)
      if (answer === 'accepted') state.limited.clear()
      else noteLimit(state, endpointHash, now())
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

/** Work of one key runs one after the other, work of different keys does not wait. */
function createTurns() {
  const tails = new Map<string, Promise<unknown>>()
  return async <Result>(key: string, work: () => Promise<Result>): Promise<Result> => {
    const before = tails.get(key)
    const turn = before === undefined ? work() : before.then(work)
    const settled = turn.catch(() => {}) // The caller hears of it; the next in line only waits for the end.
    tails.set(key, settled)
    try {
      return await turn
    } finally {
      if (tails.get(key) === settled) tails.delete(key)
    }
  }
}
