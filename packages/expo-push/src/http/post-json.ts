import { gzipSync } from 'node:zlib'
import type { SetTimer } from '../set-timer.ts'
import { failureReason, type FailureReason } from './failure-reason.ts'
import { readJson } from './read-json.ts'
import { retryAfterMs } from './retry-after.ts'

/** What came back. Whatever the network does is a value. */
export type PostResult = PostAnswer | PostFailure

export interface PostAnswer {
  readonly kind: 'answer'
  readonly status: number
  /** From `Retry-After`. */
  readonly retryAfterMs?: number
  /** What the body says; undefined when it is no JSON, is above 1 MiB or broke off, or is not needed. */
  readonly json: unknown
}

export interface PostFailure {
  readonly kind: 'failure'
  readonly reason: FailureReason
  /** True when the request may have been written. */
  readonly ambiguous: boolean
}

/** One POST with a JSON body. Never rejects; settles at once when the signal aborts. */
export type PostJson = (path: string, json: string, signal: AbortSignal) => Promise<PostResult>

export interface PostJsonOptions {
  readonly fetch: typeof globalThis.fetch
  readonly baseUrl: string
  readonly accessToken: string | undefined
  readonly now: () => number
  readonly setTimer: SetTimer
}

/** From the call of `fetch` to the last byte of the answer. */
const LONGEST_REQUEST_MS = 10_000
/** Expo's own SDK does the same. */
const SMALLEST_GZIPPED = 1024

const CERTAIN: ReadonlySet<FailureReason> = new Set(['dns_failed', 'connect_failed', 'tls_failed'])

/** Binds the requests of one sender together. */
export function createPostJson(options: PostJsonOptions): PostJson {
  const { accessToken, setTimer } = options
  const headers: Readonly<Record<string, string>> = {
    Accept: 'application/json',
    'Accept-Encoding': 'gzip, deflate',
    'Content-Type': 'application/json',
    ...(accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` }),
  }

  return async (path, json, signal) => {
    const controller = new AbortController()
    const { promise: cut, resolve: endEarly } = Promise.withResolvers<PostFailure>()
    const stop = (reason: 'timeout' | 'aborted') => {
      // A `fetch` that does not care about signals must not hold anybody up either.
      endEarly({ kind: 'failure', reason, ambiguous: true })
      controller.abort()
    }
    const abort = () => stop('aborted')
    if (signal.aborted) return { kind: 'failure', reason: 'aborted', ambiguous: false }
    signal.addEventListener('abort', abort)
    const cancelTimer = setTimer(() => stop('timeout'), LONGEST_REQUEST_MS)
    try {
      const request = { url: options.baseUrl + path, headers, json, signal: controller.signal }
      return await Promise.race([ask(options, request), cut])
    } finally {
      cancelTimer()
      signal.removeEventListener('abort', abort)
    }
  }
}

interface Request {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly json: string
  readonly signal: AbortSignal
}

async function ask(
  { fetch, now }: PostJsonOptions,
  { url, headers, json, signal }: Request,
): Promise<PostResult> {
  const plain = Buffer.from(json)
  const isGzipped = plain.length > SMALLEST_GZIPPED
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: isGzipped ? { ...headers, 'Content-Encoding': 'gzip' } : headers,
      // Level 1: a hundred messages, 78 kB, hold the event loop for half a millisecond.
      body: isGzipped ? gzipSync(plain, { level: 1 }) : plain,
      // Whoever answers with a redirect gets neither the tokens nor the access token sent on.
      redirect: 'manual',
      signal,
    })
    const wait = retryAfterMs(response.headers.get('retry-after'), now())
    return {
      kind: 'answer',
      status: response.status,
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
      json: await readJson(response),
    }
  } catch (error) {
    const reason = failureReason(error)
    return { kind: 'failure', reason, ambiguous: !CERTAIN.has(reason) }
  }
}
