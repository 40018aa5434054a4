import type { PostJson } from '../http/post-json.ts'
import type { SetTimer } from '../set-timer.ts'
import { concludeRequest } from './conclude-request.ts'
import { createLane, LARGEST_BATCH, type Lane } from './lane.ts'
import type { Outcome } from './outcome.ts'
import type { PendingPush } from './pending-push.ts'
import { createPlaces, type Places } from './places.ts'
import { resendDelayMs } from './resend-delay.ts'
import { createSendWindow, type SendWindow } from './send-window.ts'
import type { Pace } from './sender.ts'
import { createServicePause, type ServicePause } from './service-pause.ts'
import { createWakeUp, type WakeUp } from './wake-up.ts'

export interface DispatcherOptions {
  readonly postJson: PostJson
  readonly now: () => number
  readonly random: () => number
  readonly setTimer: SetTimer
  readonly maxPerSecond: number
  readonly maxParallel: number
  readonly gatherMs: number
}

/**
 * Decides which pushes leave when, and in which request. Rings first, then whoever waits for a
 * place, then the patient. A push leaves when its lane says that it is ready, a place is free,
 * the second has room, and no 429 holds everything back.
 */
export class Dispatcher {
  readonly places: Places
  readonly #options: DispatcherOptions
  readonly #lanes: Readonly<Record<Pace, Lane>>
  readonly #window: SendWindow
  readonly #pause: ServicePause
  readonly #wakeUp: WakeUp
  readonly #underWay = new Set<Promise<void>>()

  constructor(options: DispatcherOptions) {
    this.#options = options
    this.#lanes = { ring: createLane(0), patient: createLane(options.gatherMs) }
    this.#window = createSendWindow(options.maxPerSecond)
    this.#pause = createServicePause(options.random)
    this.#wakeUp = createWakeUp({ ...options, run: () => this.#pump() })
    this.places = createPlaces(options.maxParallel, this.#wakeUp.soon)
  }

  enqueue(push: PendingPush): void {
    this.#lanes[push.pace].add(push, this.#options.now())
    this.#endIfHopeless(push)
    this.#wakeUp.soon()
  }

  /** It has its outcome. */
  forget(push: PendingPush): void {
    this.#lanes[push.pace].remove(push)
    push.leaveRequest?.()
  }

  /** Starts nothing more; resolves when all requests are over. */
  async close(): Promise<void> {
    this.#wakeUp.stop()
    await Promise.all(this.#underWay)
  }

  #pump(): void {
    const isPaused = this.#pause.untilMs() > this.#options.now()
    if (!isPaused) this.#sendReady('ring')
    this.places.admit()
    if (!isPaused) this.#sendReady('patient')
    const nextAtMs = Math.min(this.#nextAtMs('ring'), this.#nextAtMs('patient'))
    this.#wakeUp.at(isPaused ? this.#pause.untilMs() : nextAtMs)
  }

  #sendReady(pace: Pace): void {
    const isRing = pace === 'ring'
    while (this.places.hasRoom(isRing)) {
      const nowMs = this.#options.now()
      const most = Math.min(LARGEST_BATCH, this.#window.room(isRing, nowMs))
      const batch = this.#lanes[pace].take(most, nowMs)
      if (batch.length === 0) return
      this.#window.spend(batch.length, nowMs)
      const request = this.#request(batch)
      this.#underWay.add(request)
      void request.finally(() => this.#underWay.delete(request))
    }
  }

  async #request(batch: readonly PendingPush[]): Promise<void> {
    const release = this.places.take()
    const interested = new Set(batch)
    const controller = new AbortController()
    for (const push of batch) {
      push.leaveRequest = () => {
        interested.delete(push)
        // Nobody waits for the answer: the place is worth more.
        if (interested.size === 0) controller.abort()
      }
    }
    const json = `[${batch.map((push) => push.json).join(',')}]`
    const result = await this.#options.postJson('/send', json, controller.signal)
    for (const push of batch) push.leaveRequest = undefined
    release()
    const { now } = this.#options
    concludeRequest(batch, result, {
      pause: this.#pause,
      now,
      sendTogether: (pushes) => this.#sendTogether(pushes),
      settleOrResend: (push, outcome) => this.#settleOrResend(push, outcome),
    })
    if (this.#pause.untilMs() > now()) this.#endHopeless()
  }

  #sendTogether(batch: readonly PendingPush[]): void {
    const [first] = batch
    if (first) this.#lanes[first.pace].addBatch(batch)
    this.#wakeUp.soon()
  }

  #settleOrResend(push: PendingPush, outcome: Outcome): void {
    if (push.isSettled()) return
    push.failures++
    const { now, random } = this.#options
    const nowMs = now()
    const delayMs = resendDelayMs(push, outcome, { nowMs, random })
    if (delayMs === undefined) return push.settle(outcome)
    this.#lanes[push.pace].addLater(push, nowMs + delayMs)
    this.#wakeUp.soon()
  }

  #endHopeless(): void {
    for (const { all } of [this.#lanes.ring, this.#lanes.patient]) {
      for (const push of all()) this.#endIfHopeless(push)
    }
  }

  /** Nothing is gained by holding a push until the pause ends when its deadline comes before. */
  #endIfHopeless(push: PendingPush): void {
    const endsAtMs = this.#pause.untilMs()
    if (endsAtMs < push.deadlineAtMs) return
    const retryAfterMs = Math.max(0, endsAtMs - this.#options.now())
    push.settle({ kind: 'retry', reason: 'rate_limited', retryAfterMs, ambiguous: false })
  }

  /** When something may leave that may not now. A place that becomes free wakes us by itself. */
  #nextAtMs(pace: Pace): number {
    const nowMs = this.#options.now()
    const isRing = pace === 'ring'
    const readyAtMs = this.#lanes[pace].readyAtMs()
    if (readyAtMs > nowMs) return readyAtMs
    if (!this.places.hasRoom(isRing)) return Infinity
    return this.#window.room(isRing, nowMs) < 1 ? this.#window.nextRoomAtMs() : nowMs
  }
}
