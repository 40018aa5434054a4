import { isSameOrigin, originOf } from './origin.ts'

/** Whether a Belfry server answers at an address. */
export type AddressCheck =
  | { readonly kind: 'found' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'not_belfry'; readonly status: number }
  /** It sends visitors on to another origin: that one has to be named. */
  | { readonly kind: 'moved'; readonly origin: string }

/** The parts of a fetched answer that the check looks at. */
export interface FetchedAnswer {
  readonly ok: boolean
  readonly status: number
  readonly url: string
  json(): Promise<unknown>
}

export type FetchAnswer = (url: string) => Promise<FetchedAnswer>

/** Asks for `GET /api/push/config`, which every Belfry server answers without a token. Never rejects. */
export async function checkAddress(
  origin: string,
  fetchAnswer: FetchAnswer,
): Promise<AddressCheck> {
  try {
    const answer = await fetchAnswer(`${origin}/api/push/config`)
    const from = originOf(answer.url)
    if (from !== undefined && !isSameOrigin(answer.url, origin)) {
      return { kind: 'moved', origin: from }
    }
    const isBelfry = answer.ok && isPushConfig(await readJson(answer))
    return isBelfry ? { kind: 'found' } : { kind: 'not_belfry', status: answer.status }
  } catch {
    // No name, no route, no answer, no valid certificate: `fetch` does not say which.
    return { kind: 'unreachable' }
  }
}

async function readJson(answer: FetchedAnswer): Promise<unknown> {
  try {
    return await answer.json()
  } catch {
    // Somebody else's page, in HTML.
    return undefined
  }
}

function isPushConfig(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'vapidPublicKey' in value &&
    typeof value.vapidPublicKey === 'string'
  )
}
