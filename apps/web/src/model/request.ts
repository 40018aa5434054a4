import { problem as problemSchema, type Problem } from '@belfry/contracts'

/** What a request came to. A failure is a value: pages show it, nothing is thrown. */
export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem }

/** A schema of contracts fits. */
export interface Parser<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false }
}

export interface RequestOptions {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  /** The signed-in person's token, if any. */
  readonly token: () => string | null
  /** The server no longer knows this token. */
  readonly onUnauthorized: (token: string) => void
}

export interface Call<T> {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  readonly answer: Parser<T>
  readonly signal?: AbortSignal | undefined
}

export type Request = <T>(call: Call<T>) => Promise<Reply<T>>

/** Answers without a body: 204. */
export const nothing: Parser<null> = { safeParse: () => ({ success: true, data: null }) }

/** The answer never came: no network, or no server. `status` is 0. */
export const unreachableCode = 'UNREACHABLE'

export function createRequest(options: RequestOptions): Request {
  return async ({ method = 'GET', path, body, answer, signal }) => {
    const token = options.token()
    const headers = new Headers({ accept: 'application/json' })
    if (token !== null) headers.set('authorization', `Bearer ${token}`)
    if (body !== undefined) headers.set('content-type', 'application/json')
    let response: Response
    let content: unknown
    try {
      response = await options.fetch(`/api${path}`, {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        signal: signal ?? null,
      })
      content = await readJson(response)
    } catch {
      return failure({ status: 0, code: unreachableCode, title: 'The server did not answer' })
    }
    if (response.status === 401 && token !== null) options.onUnauthorized(token)
    if (!response.ok) return { ok: false, problem: asProblem(response.status, content) }
    const parsed = answer.safeParse(content)
    if (parsed.success) return { ok: true, value: parsed.data }
    return failure({
      status: response.status,
      code: 'UNEXPECTED_ANSWER',
      title: `The server answered ${method} ${path} in a shape that this page does not know`,
    })
  }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    // A proxy's page, not ours: the status alone says what happened.
    return null
  }
}

function asProblem(status: number, content: unknown): Problem {
  const parsed = problemSchema.safeParse(content)
  if (parsed.success) return parsed.data
  return { type: 'about:blank', status, code: `HTTP_${status}`, title: 'The server refused' }
}

function failure(facts: Omit<Problem, 'type'>): { ok: false; problem: Problem } {
  return { ok: false, problem: { type: 'about:blank', ...facts } }
}

/** A problem on its way through a query, which knows only exceptions. */
export class ProblemError extends Error {
  readonly code = 'PROBLEM'
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.title)
    this.problem = problem
  }
}

/** For queries: the value, or a thrown `ProblemError`. */
export async function valueOf<T>(reply: Promise<Reply<T>>): Promise<T> {
  const settled = await reply
  if (settled.ok) return settled.value
  throw new ProblemError(settled.problem)
}
