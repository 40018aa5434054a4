import { gunzipSync } from 'node:zlib'
import type { FakeClock } from './fake-clock.ts'

/** One message as Expo sees it. */
export interface SeenMessage {
  readonly to: string
  readonly id: string
}

/** One request as Expo sees it. */
export interface SeenRequest {
  readonly path: string
  readonly atMs: number
  readonly headers: Headers
  readonly messages: readonly SeenMessage[]
  readonly json: unknown
}

export interface Answer {
  readonly status?: number
  readonly json?: unknown
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly afterMs?: number
}

/** What Expo does with a request; undefined is for never answering. */
export type Behaviour = (request: SeenRequest) => Answer | undefined

export interface FakeExpo {
  readonly fetch: typeof globalThis.fetch
  readonly requests: readonly SeenRequest[]
  /** The most requests that were ever under way at once. */
  readonly busiest: () => number
  readonly underWay: () => number
}

/** Expo behind a `fetch` on a fake clock. */
export function createFakeExpo(clock: FakeClock, behave: Behaviour): FakeExpo {
  const requests: SeenRequest[] = []
  let underWay = 0
  let busiest = 0

  return {
    requests,
    busiest: () => busiest,
    underWay: () => underWay,
    async fetch(input, init) {
      const headers = new Headers(init?.headers)
      const body = readBody(init?.body, headers)
      const json: unknown = JSON.parse(body)
      const url = input instanceof Request ? input.url : input.toString()
      const path = url.replace('https://exp.host/--/api/v2/push', '')
      const request = { path, atMs: clock.now(), headers, json, messages: messagesOf(json) }
      requests.push(request)
      busiest = Math.max(busiest, ++underWay)
      try {
        return await answerTo(clock, behave(request), init?.signal)
      } finally {
        underWay--
      }
    },
  }
}

async function answerTo(
  clock: FakeClock,
  answer: Answer | undefined,
  signal: AbortSignal | null | undefined,
): Promise<Response> {
  await new Promise<void>((resolve, reject) => {
    const cancel = answer ? clock.setTimer(resolve, answer.afterMs ?? 0) : () => undefined
    signal?.addEventListener('abort', () => {
      cancel()
      reject(new DOMException('This operation was aborted', 'AbortError'))
    })
  })
  const { status = 200, json, text, headers = {} } = answer ?? {}
  return new Response(text ?? JSON.stringify(json), { status, headers })
}

/** A ticket for each message, with its id in it. */
export function tickets(messages: readonly SeenMessage[]): readonly unknown[] {
  return messages.map(({ id }) => ({ status: 'ok', id: `ticket-${id}` }))
}

/** Takes everything. */
export function takesAll({ messages }: SeenRequest): Answer {
  return { json: { data: tickets(messages) } }
}

/** `{errors: [...]}`, as Expo refuses a whole request. */
export function refusal(status: number, code: string, details?: unknown): Answer {
  return { status, json: { errors: [{ code, message: 'no', ...(details ? { details } : {}) }] } }
}

function readBody(body: unknown, headers: Headers): string {
  if (!(body instanceof Uint8Array)) throw new Error('a request has a body of bytes')
  const isGzipped = headers.get('content-encoding') === 'gzip'
  return (isGzipped ? gunzipSync(body) : Buffer.from(body)).toString()
}

function messagesOf(json: unknown): SeenMessage[] {
  if (!Array.isArray(json)) return []
  const messages: unknown[] = json
  return messages.map((message) => {
    if (!isObject(message)) throw new Error('a message is an object')
    const data = isObject(message.data) ? message.data : {}
    return { to: String(message.to), id: String(data.id) }
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
