import type { PostAnswer } from '../notifications/phone.ts'

export interface ServerPostOptions {
  readonly origin: () => Promise<string | undefined>
  readonly wait: (ms: number) => Promise<void>
}

/** The system lets a background task run for about 30 s. */
const limitMs = 8_000

/** One JSON request to the server without a session. Never rejects. */
export function serverPost({
  origin,
  wait,
}: ServerPostOptions): (path: string, body: object) => Promise<PostAnswer> {
  return async (path, body) => {
    const server = await origin()
    if (server === undefined) return { kind: 'no_answer' }
    const late = wait(limitMs).then((): PostAnswer => ({ kind: 'no_answer' }))
    return Promise.race([post(server + path, body), late])
  }
}

async function post(url: string, body: object): Promise<PostAnswer> {
  try {
    const { status } = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      // These bodies are capabilities: a cookie of the page has no business with them.
      credentials: 'omit',
    })
    return { kind: 'answered', status }
  } catch {
    // No network: whether it matters is for the caller to know.
    return { kind: 'no_answer' }
  }
}
