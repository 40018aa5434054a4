import type { DeliveryErrorCode } from './delivery-errors.ts'
import { InvalidOptionError } from './errors.ts'
import type { Endpoint } from './expo-service-event.ts'
import type { RequestErrorCode } from './request-errors.ts'

/**
 * What happens to one notification instead of the honest thing. Several of these may hit one
 * notification: its first `ticket-error`, else its first `receipt-error` and `receipt-delay`.
 */
export type NotificationAnswer =
  /** Its ticket is an error. `details` replaces the usual ones. */
  | {
      readonly kind: 'ticket-error'
      readonly error: DeliveryErrorCode
      readonly message?: string
      readonly details?: Readonly<Record<string, unknown>>
    }
  /** Its ticket is ok, its receipt an error; the phone gets nothing. */
  | {
      readonly kind: 'receipt-error'
      readonly error: DeliveryErrorCode
      readonly message?: string
      readonly details?: Readonly<Record<string, unknown>>
    }
  /** Its receipt is ready after this time instead of `receiptDelayMs`; `Infinity`: never. */
  | { readonly kind: 'receipt-delay'; readonly delayMs: number }

/**
 * An answer to a whole request instead of the honest one. With `accept` the notifications are
 * accepted all the same and only the answer is lost: what a sender cannot know after a timeout.
 */
export type RequestAnswer =
  /** Any status. `retryAfter` goes out as given: seconds, an HTTP date, or nonsense. Without `body` it is Expo's error JSON. */
  | {
      readonly kind: 'status'
      readonly status: number
      readonly retryAfter?: string | number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
      readonly accept?: boolean
    }
  /** A refusal of Expo's, by its code, with the status it comes with. */
  | { readonly kind: 'named'; readonly code: RequestErrorCode }
  /** A page that a proxy puts in front, with status 200 unless said otherwise. */
  | { readonly kind: 'html'; readonly status?: number; readonly accept?: boolean }
  /** Accepted, but the last tickets (1 by default) are missing from the answer. Of `getReceipts`: the last receipts. */
  | { readonly kind: 'short'; readonly missing?: number }
  /** 200 with any `{"data": …}`: tickets or receipts out of contract. */
  | { readonly kind: 'data'; readonly data: unknown; readonly accept?: boolean }
  /** 307 unless said otherwise, to any address. A sender must not follow with its access token. */
  | { readonly kind: 'redirect'; readonly location: string; readonly status?: number }
  /** The request is read and never answered. */
  | { readonly kind: 'never'; readonly accept?: boolean }
  /** Status 200 at once, then a space every `everyMs` (100 by default), without end. */
  | { readonly kind: 'drip'; readonly everyMs?: number; readonly accept?: boolean }
  /** The connection is reset without an answer: before the body is read, or after (default). */
  | {
      readonly kind: 'reset'
      readonly when?: 'before-body' | 'after-body'
      readonly accept?: boolean
    }
  /** The honest answer, but only once the promise settles. The request is processed at once. */
  | { readonly kind: 'hold'; readonly until: Promise<unknown> }

/** An answer that a test puts in place of the honest one. */
export type ScriptedAnswer = NotificationAnswer | RequestAnswer

/** Which notifications or requests a scripted answer is for. */
export interface AnswerScope {
  /** Only this token's notifications, or requests that hold this token; any by default. */
  readonly token?: string
  /** Only requests to this address; `send` by default. Of no use for notifications. */
  readonly endpoint?: Endpoint
  /** How many notifications or requests, 1 by default; `Infinity` until taken back. */
  readonly times?: number
}

/** The queue of answers that tests put in place of honest ones. */
export interface ScriptedAnswers {
  add(answer: ScriptedAnswer, scope: AnswerScope): () => void
  /** Drops all that is left. */
  clear(): void
  /** Whether the next answer for any request to this address is a reset before its body; spent by being taken. */
  takeResetBeforeBody(endpoint: Endpoint): boolean
  /** The answer for a request that holds these tokens, spent by being taken; undefined when the honest one is due. */
  takeForRequest(endpoint: Endpoint, tokens: readonly string[]): RequestAnswer | undefined
  /** The answer of one kind for a notification, spent by being taken. */
  takeForNotification<K extends NotificationAnswer['kind']>(
    kind: K,
    token: string,
  ): Extract<NotificationAnswer, { kind: K }> | undefined
}

interface Entry {
  readonly answer: ScriptedAnswer
  readonly scope: AnswerScope
  left: number
}

/** Answers are spent in the order they were added, each on the first request or notification in its scope. */
export function createScriptedAnswers(): ScriptedAnswers {
  const queue = new Set<Entry>()
  const spend = (entry: Entry) => {
    entry.left -= 1
    if (entry.left <= 0) queue.delete(entry)
  }
  return {
    add(answer, scope) {
      if (isBeforeBody(answer) && scope.token !== undefined) {
        throw new InvalidOptionError(
          'a reset before the body cannot be for one token: tokens are in the body',
        )
      }
      const entry = { answer, scope, left: scope.times ?? 1 }
      queue.add(entry)
      return () => {
        queue.delete(entry)
      }
    },
    clear: () => queue.clear(),
    takeResetBeforeBody(endpoint) {
      const entry = [...queue].find(
        ({ answer, scope }) =>
          !isForNotification(answer) &&
          scope.token === undefined &&
          (scope.endpoint ?? 'send') === endpoint,
      )
      if (entry === undefined || !isBeforeBody(entry.answer)) return false
      spend(entry)
      return true
    },
    takeForRequest(endpoint, tokens) {
      for (const entry of queue) {
        const { answer, scope } = entry
        if (isForNotification(answer) || (scope.endpoint ?? 'send') !== endpoint) continue
        if (isBeforeBody(answer)) continue
        if (scope.token !== undefined && !tokens.includes(scope.token)) continue
        spend(entry)
        return answer
      }
      return undefined
    },
    takeForNotification(kind, token) {
      for (const entry of queue) {
        const { answer, scope } = entry
        if (!isOfKind(answer, kind) || (scope.token ?? token) !== token) continue
        spend(entry)
        return answer
      }
      return undefined
    },
  }
}

function isForNotification(answer: ScriptedAnswer): answer is NotificationAnswer {
  return (
    isOfKind(answer, 'ticket-error') ||
    isOfKind(answer, 'receipt-error') ||
    isOfKind(answer, 'receipt-delay')
  )
}

function isBeforeBody(answer: ScriptedAnswer): boolean {
  return answer.kind === 'reset' && answer.when === 'before-body'
}

function isOfKind<K extends ScriptedAnswer['kind']>(
  answer: ScriptedAnswer,
  kind: K,
): answer is Extract<ScriptedAnswer, { kind: K }> {
  return answer.kind === kind
}
