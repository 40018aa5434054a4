import type { Call } from '@belfry/contracts'
import {
  emptyRingState,
  isOver,
  ringsFor,
  ringStep,
  serverNow,
  talkingHere,
  type RingingCall,
  type RingInput,
  type RingState,
} from './ring-state.ts'

/** What the server says about one call. */
export type CallReply =
  | { readonly kind: 'call'; readonly call: Call }
  /** There is no such call, or it is not ours to see. */
  | { readonly kind: 'unknown' }
  /** The step is impossible now: the call is no longer where we believed it to be. */
  | { readonly kind: 'refused' }
  /** No answer, or one that says nothing: the call may be in any state. */
  | { readonly kind: 'unreachable' }

export interface RingApi {
  /** Calls that ring for us or by us. Rejects when the server cannot be reached. */
  ringing(): Promise<readonly Call[]>
  find(sessionId: string): Promise<CallReply>
  accept(sessionId: string): Promise<CallReply>
  decline(sessionId: string): Promise<CallReply>
  cancel(sessionId: string): Promise<CallReply>
  end(sessionId: string): Promise<CallReply>
}

export interface RingOptions {
  readonly userId: string
  readonly api: RingApi
  /** Milliseconds since the epoch, by this device's clock. */
  readonly now: () => number
  /** Runs once after so many milliseconds; the answer calls it off. */
  readonly schedule: (run: () => void, ms: number) => () => void
}

export interface RingSnapshot {
  /** The call that the dialog shows. */
  readonly incoming: RingingCall | null
  /** A second call, while one rings or is on: one line, no second dialog. */
  readonly waiting: RingingCall | null
  /** The call that this page is in. */
  readonly talking: Call | null
  readonly calls: ReadonlyMap<string, Call>
  readonly here: ReadonlySet<string>
  /** The server's clock, in milliseconds; moves once a second while something counts. */
  readonly serverNowMs: number
  /** The calls whose answer or end is on its way to the server. */
  readonly busy: ReadonlySet<string>
  /** What did not work, in words, until the next attempt. */
  readonly problem: { readonly sessionId: string; readonly text: string } | null
}

const tickMs = 1000
/** After the ring has run out, the server needs a moment to write down what became of it. */
const settleMs = 1500

/**
 * The ringing calls of this page, without React. Feed it what arrives; read `snapshot()`; hear of
 * changes by `subscribe()`. A ring ends here by the server's clock even when nobody tells us.
 */
export class Ring {
  readonly #options: RingOptions
  readonly #listeners = new Set<() => void>()
  readonly #busy = new Set<string>()
  readonly #waits = new Set<() => void>()
  #state: RingState = emptyRingState
  #problem: RingSnapshot['problem'] = null
  #stopTick: (() => void) | null = null
  #isClosed = false
  #snapshot: RingSnapshot

  constructor(options: RingOptions) {
    this.#options = options
    this.#snapshot = this.#look()
  }

  readonly snapshot = (): RingSnapshot => this.#snapshot

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** A call as realtime, or a page's own request, reported it. */
  readonly tell = (call: Call): void => {
    this.#take({ type: 'call', call, atMs: this.#options.now() })
  }

  /** This page started the call, so it is in it. */
  started(call: Call): void {
    this.joined(call.sessionId)
    this.tell(call)
  }

  /** This page is in the call: started it, answered it, or was opened again while it is on. */
  joined(sessionId: string): void {
    this.#take({ type: 'here', sessionId })
  }

  /** Asks for everything that rings: at the start, and after every reconnect. Never rejects. */
  async refetch(): Promise<void> {
    const believed = [...this.#state.calls.values()].filter((call) => !isOver(call.state))
    const ringing = await this.#options.api.ringing().catch(() => null)
    if (ringing === null) return
    for (const call of ringing) this.tell(call)
    const listed = new Set(ringing.map((call) => call.sessionId))
    const unlisted = believed.filter((call) => !listed.has(call.sessionId))
    await Promise.all(unlisted.map((call) => this.load(call.sessionId)))
  }

  /** Asks for one call. */
  async load(sessionId: string): Promise<CallReply> {
    const reply = await this.#options.api.find(sessionId)
    if (reply.kind === 'call') this.tell(reply.call)
    return reply
  }

  answer(sessionId: string): Promise<CallReply> {
    return this.#act(sessionId, async () => {
      const reply = await this.#options.api.accept(sessionId)
      if (reply.kind === 'call') this.joined(sessionId)
      return reply
    })
  }

  decline(sessionId: string): Promise<CallReply> {
    return this.#act(sessionId, () => this.#options.api.decline(sessionId))
  }

  cancel(sessionId: string): Promise<CallReply> {
    return this.#act(sessionId, () => this.#options.api.cancel(sessionId))
  }

  end(sessionId: string): Promise<CallReply> {
    return this.#act(sessionId, () => this.#options.api.end(sessionId))
  }

  close(): void {
    this.#isClosed = true
    this.#stopTick?.()
    for (const stop of this.#waits) stop()
    this.#listeners.clear()
  }

  /** One step at a time for one call: a second press while the first is on its way does nothing. */
  async #act(sessionId: string, ask: () => Promise<CallReply>): Promise<CallReply> {
    if (this.#busy.has(sessionId)) return { kind: 'refused' }
    this.#busy.add(sessionId)
    this.#problem = null
    this.#publish()
    const reply = await ask()
    this.#busy.delete(sessionId)
    if (reply.kind === 'call') this.tell(reply.call)
    if (reply.kind === 'unreachable') {
      this.#problem = { sessionId, text: 'The server did not answer. Try again.' }
    }
    if (reply.kind === 'refused' || reply.kind === 'unknown') await this.load(sessionId)
    this.#publish()
    return reply
  }

  #take(input: RingInput): void {
    const next = ringStep(this.#state, input)
    if (next === this.#state) return
    this.#state = next
    this.#publish()
  }

  #publish(): void {
    if (this.#isClosed) return
    this.#snapshot = this.#look()
    this.#keepTicking()
    for (const listener of this.#listeners) listener()
  }

  #look(): RingSnapshot {
    const nowMs = this.#options.now()
    const [first = null, second = null] = ringsFor(this.#state, this.#options.userId, nowMs)
    const talking = talkingHere(this.#state)
    return {
      incoming: talking === null ? first : null,
      waiting: talking === null ? second : first,
      talking,
      calls: this.#state.calls,
      here: this.#state.here,
      serverNowMs: serverNow(this.#state, nowMs),
      busy: new Set(this.#busy),
      problem: this.#problem,
    }
  }

  /** Counts only while something counts: a ring, or the length of a call. */
  #keepTicking(): void {
    if (this.#stopTick !== null) return
    if (![...this.#state.calls.values()].some((call) => !isOver(call.state))) return
    const { now, schedule } = this.#options
    this.#stopTick = schedule(
      () => {
        this.#stopTick = null
        for (const call of this.#state.calls.values()) this.#learnTheEnd(call)
        this.#publish()
      },
      tickMs - (serverNow(this.#state, now()) % tickMs),
    )
  }

  /** A ring that ran out without a word (the socket is down): ask once what became of it. */
  #learnTheEnd(call: Call): void {
    const nowMs = serverNow(this.#state, this.#options.now())
    const sinceEndMs = nowMs - Date.parse(call.ringExpiresAt)
    if (call.state !== 'ringing' || sinceEndMs < 0 || sinceEndMs >= tickMs) return
    const stop = this.#options.schedule(() => {
      this.#waits.delete(stop)
      void this.load(call.sessionId)
    }, settleMs)
    this.#waits.add(stop)
  }
}

/** The ring of one signed-in person, in this page. */
export function createRing(options: RingOptions): Ring {
  return new Ring(options)
}
