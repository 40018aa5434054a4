import type { ResponseOutcome } from '../notifications/on-response.ts'
import { readResponse, type Response } from '../notifications/read-response.ts'
import { linkPath } from '../server-address/link-path.ts'
import type { Shell } from './shell.ts'

/** Where taps, buttons and links come from, also those that started the app. */
export interface OpeningSource {
  /** The response that started the app, if one did; the system remembers it until it is cleared. */
  lastResponse(): unknown
  clearLastResponse(): void
  onResponse(listener: (response: unknown) => void): () => void
  initialLink(): Promise<string | null>
  onLink(listener: (link: string) => void): () => void
}

export interface ResponseRoute {
  readonly onResponse: (response: Response) => Promise<ResponseOutcome>
  readonly shell: Shell
}

/** Brings taps on notifications and their buttons to the page. Returns what stops it. */
export function routeResponses(source: OpeningSource, { onResponse, shell }: ResponseRoute) {
  async function respond(value: unknown) {
    const response = readResponse(value)
    if (response === undefined) return
    const outcome = await onResponse(response)
    if (outcome.kind !== 'open') return
    const { path, answers } = outcome
    shell.input({ kind: 'open', opening: answers === undefined ? { path } : { path, answers } })
  }
  const stop = source.onResponse((response) => void respond(response))
  const last = source.lastResponse()
  if (last !== null && last !== undefined) {
    // Else the next start would open it again.
    source.clearLastResponse()
    void respond(last)
  }
  return stop
}

export interface LinkRoute {
  readonly origin: string
  readonly shell: Shell
}

/** Brings links into the app to the page. Another server's open nothing. Returns what stops it. */
export function routeLinks(source: OpeningSource, { origin, shell }: LinkRoute) {
  function open(link: string) {
    const path = linkPath(link, origin)
    if (path !== undefined) shell.input({ kind: 'open', opening: { path } })
  }
  void source.initialLink().then((link) => {
    if (link !== null) open(link)
  })
  return source.onLink(open)
}
