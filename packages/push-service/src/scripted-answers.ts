import type { AnswerName } from './answers.ts'

/** An answer that a test puts in place of the honest one. */
export type ScriptedAnswer =
  /** Any status. `retryAfter` goes out as given: seconds, an HTTP date, or nonsense. Without `body` it is Mozilla's error JSON. */
  | {
      readonly kind: 'status'
      readonly status: number
      readonly retryAfter?: string | number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  /** An answer of Mozilla's, by its name in the table. */
  | { readonly kind: 'named'; readonly name: AnswerName }
  /** 307 unless said otherwise. Push services never redirect; a sender must not follow. */
  | { readonly kind: 'redirect'; readonly location: string; readonly status?: number }
  /** The request is read and never answered. */
  | { readonly kind: 'never' }
  /** Status 201 at once, then a byte of body every `everyMs` (100 by default), without end. */
  | { readonly kind: 'drip'; readonly everyMs?: number }
  /** The connection is reset without an answer. */
  | { readonly kind: 'reset' }
  /** The honest answer, but only once the promise settles. The push is processed at once. */
  | { readonly kind: 'hold'; readonly until: Promise<unknown> }

/** Which requests a scripted answer is for. */
export interface AnswerScope {
  /** Only pushes to this endpoint; any by default. */
  readonly endpoint?: string
  /** How many, 1 by default; `Infinity` until taken back. */
  readonly times?: number
}

/** The queue of answers that tests put in place of honest ones. */
export interface ScriptedAnswers {
  add(answer: ScriptedAnswer, scope: AnswerScope): () => void
  /** The answer for a push to this endpoint, spent by being taken; undefined when the honest one is due. */
  take(endpoint: string): ScriptedAnswer | undefined
}

/** Answers are spent in the order they were added, each on the first request in its scope. */
export function createScriptedAnswers(): ScriptedAnswers {
  const queue = new Set<{ answer: ScriptedAnswer; endpoint: string | undefined; left: number }>()
  return {
    add(answer, { endpoint, times = 1 }) {
      const entry = { answer, endpoint, left: times }
      queue.add(entry)
      return () => {
        queue.delete(entry)
      }
    },
    take(endpoint) {
      const entry = [...queue].find((e) => e.endpoint === undefined || e.endpoint === endpoint)
      if (entry === undefined) return undefined
      entry.left -= 1
      if (entry.left <= 0) queue.delete(entry)
      return entry.answer
    },
  }
}
