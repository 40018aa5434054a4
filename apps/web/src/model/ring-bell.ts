/** The sound as the bell uses it; `bellAudio` makes it of Web Audio. */
export interface BellAudio {
  /** Whether the browser lets it sound now. */
  isRunning(): boolean
  /** Seconds, by its own clock. */
  now(): number
  playStroke(atSeconds: number): void
  /** Stays pending for as long as the browser wants a click first. */
  resume(): Promise<void>
  suspend(): Promise<void>
  close(): Promise<void>
  onChange(listener: () => void): void
}

export type BellState = 'still' | 'rings' | 'blocked' | 'silenced'

export interface RingBellOptions {
  /** Null where there is no Web Audio: the bell then stays `still`, and nothing is offered. */
  readonly openAudio: () => BellAudio | null
  readonly schedule: (run: () => void, ms: number) => () => void
  /** Runs `play` once this page may sound alone: several tabs of one browser ring as one. The answer gives the turn back. */
  readonly claim: (play: () => void) => () => void
}

/** Two strokes, then a rest. The same figures as the drawn bell's (`--strike` in the tokens). */
const strokeGapSeconds = 0.42
const strikeMs = 2400

/**
 * The ringing sound, made on the spot: no file to load, nothing to decode. Browsers let it sound
 * only after a click somewhere in the page; until then it is `blocked`, and `allow()` within a
 * click opens it.
 */
export class RingBell {
  readonly #options: RingBellOptions
  readonly #listeners = new Set<() => void>()
  #audio: BellAudio | null = null
  #isWanted = false
  #isSilenced = false
  #stopStrikes: (() => void) | null = null
  #giveBack: (() => void) | null = null
  #state: BellState = 'still'

  constructor(options: RingBellOptions) {
    this.#options = options
  }

  readonly state = (): BellState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Begins to ring, or says `blocked` when the browser wants a click first. */
  start(): void {
    if (this.#isWanted) return
    this.#isWanted = true
    this.#resume()
  }

  stop(): void {
    this.#isWanted = false
    this.#isSilenced = false
    this.#settle()
    // Audio that plays nothing still keeps the audio device open, and on a phone the battery busy.
    if (this.#audio?.isRunning() === true) void this.#audio.suspend()
  }

  /** No sound until `allow()`, or until the next `start()` after a `stop()`. */
  silence(): void {
    this.#isSilenced = true
    this.#settle()
  }

  /** Call it within a click: it opens the sound, or undoes `silence()`. */
  allow(): void {
    this.#isSilenced = false
    this.#resume()
  }

  close(): void {
    this.stop()
    this.#listeners.clear()
    void this.#audio?.close()
  }

  /** Without a click first, browsers leave `resume()` pending for as long as they like: never wait for it. */
  #resume(): void {
    if (this.#audio === null) {
      this.#audio = this.#options.openAudio()
      this.#audio?.onChange(() => this.#settle())
    }
    this.#audio?.resume().then(
      () => this.#settle(),
      () => this.#settle(),
    )
    this.#settle()
  }

  #settle(): void {
    const before = this.#state
    this.#state = this.#decide()
    if (this.#state !== 'rings') this.#rest()
    else this.#giveBack ??= this.#options.claim(this.#strike)
    if (this.#state === before) return
    for (const listener of this.#listeners) listener()
  }

  #decide(): BellState {
    if (!this.#isWanted || this.#audio === null) return 'still'
    if (this.#isSilenced) return 'silenced'
    return this.#audio.isRunning() ? 'rings' : 'blocked'
  }

  readonly #strike = (): void => {
    if (this.#audio === null || this.#state !== 'rings') return
    const at = this.#audio.now() + 0.02
    this.#audio.playStroke(at)
    this.#audio.playStroke(at + strokeGapSeconds)
    this.#stopStrikes = this.#options.schedule(this.#strike, strikeMs)
  }

  #rest(): void {
    this.#stopStrikes?.()
    this.#stopStrikes = null
    this.#giveBack?.()
    this.#giveBack = null
  }
}
