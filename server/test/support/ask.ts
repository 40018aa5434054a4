export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Parsed JSON; null when the answer is not JSON. Read it with `at`. */
  readonly body: unknown
  readonly text: string
}

export interface Question {
  readonly method: string
  readonly path: string
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as it is, in place of `body`. */
  readonly raw?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** One request; with a token when there is one. */
export async function ask(url: string, token: string | null, request: Question): Promise<Answer> {
  const hasBody = request.body !== undefined || request.raw !== undefined
  const response = await fetch(`${url}${request.path}`, {
    method: request.method,
    headers: {
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...request.headers,
    },
    ...(hasBody ? { body: request.raw ?? JSON.stringify(request.body) } : {}),
  })
  const text = await response.text()
  const json = response.headers.get('content-type')?.includes('json') === true
  const body: unknown = json && text !== '' ? JSON.parse(text) : null
  return { status: response.status, headers: response.headers, body, text }
}

/** `at(body, 'user', 'id')`: the value at a path of unknown JSON; undefined when the path does not exist. */
export function at(value: unknown, ...path: ReadonlyArray<string | number>): unknown {
  return path.reduce<unknown>(
    (each, key) =>
      typeof each === 'object' && each !== null
        ? new Map(Object.entries(each)).get(String(key))
        : undefined,
    value,
  )
}

/** The elements of a list in unknown JSON; none when it is no list. */
export function listAt(value: unknown, ...path: ReadonlyArray<string | number>): unknown[] {
  const list = at(value, ...path)
  return Array.isArray(list) ? list : []
}

/** Status and `code` of a refusal, to compare in one go. */
export function refusal(answer: Answer): [status: number, code: unknown] {
  return [answer.status, at(answer.body, 'code')]
}
