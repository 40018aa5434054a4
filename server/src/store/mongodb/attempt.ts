import { StoreUnavailableError } from '../store-unavailable-error.ts'
import { failureOf, isTrouble } from './wire-errors.ts'

/** One try of an operation. */
export interface Turn {
  /**
   * The same for every try of one operation, and of no other. It is written with what is written, as `by`:
   * a try that finds it knows that an earlier one, whose answer was lost, did the work.
   */
  readonly token: string
  /** An earlier try may have been written: its outcome is not known. */
  readonly unsure: boolean
}

/**
 * Does `work`, and again while that may help, until it holds or the time is over. `work` MUST be safe to repeat.
 * Rejects with `StoreUnavailableError`, whose cause is the last failure; what is no failure of the database passes
 * through. `doing` completes "The store could not …".
 */
export type Attempt = <T>(doing: string, work: (turn: Turn) => Promise<T>) => Promise<T>

export interface AttemptOptions {
  readonly newToken: () => string
  /** From 0 up to 1. */
  readonly random: () => number
  /** After this an operation is given up. */
  readonly patienceMs: number
  /** Default: as many as there is time for. */
  readonly mostTries?: number
}

const firstPauseMs = 10
/** Fifty who collide have to come apart by more than one insert takes on a slow server. */
const longestPauseMs = 1000

export function createAttempt(options: AttemptOptions): Attempt {
  const { newToken, random, patienceMs, mostTries = Infinity } = options
  /** Doubles, and any part of it, so that those who collided do not meet again. */
  const pauseMs = (tries: number) =>
    Math.min(longestPauseMs, firstPauseMs * 2 ** tries) * (0.1 + 0.9 * random())

  return async (doing, work) => {
    const token = newToken()
    const outOfTime = Promise.withResolvers<never>()
    let pause: NodeJS.Timeout | undefined
    let isOver = false
    let last: unknown
    async function repeat(): Promise<Awaited<ReturnType<typeof work>>> {
      let unsure = false
      for (let tries = 0; ; tries += 1) {
        try {
          return await work({ token, unsure })
        } catch (cause) {
          if (!isTrouble(cause)) throw cause
          const failure = failureOf(cause)
          last = cause
          if (failure === 'refused' || tries + 1 >= mostTries || isOver)
            throw new StoreUnavailableError(doing, { cause })
          unsure ||= failure === 'unknown'
        }
        await new Promise((resolve) => {
          pause = setTimeout(resolve, pauseMs(tries))
        })
      }
    }
    // Errors are made only when they are needed: one costs as much as a whole command.
    const timer = setTimeout(() => {
      const cause = last ?? outOfTimeCause(patienceMs)
      outOfTime.reject(new StoreUnavailableError(doing, { cause }))
    }, patienceMs)
    try {
      return await Promise.race([outOfTime.promise, repeat()])
    } finally {
      isOver = true
      clearTimeout(timer)
      clearTimeout(pause)
    }
  }
}

function outOfTimeCause(patienceMs: number): Error {
  return new Error(`MongoDB did not answer within ${patienceMs} ms.`)
}
