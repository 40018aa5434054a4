import type { BelfryBrowser } from '@belfry/browser'
import type { QueryClient } from '@tanstack/react-query'
import { createApi, type Api } from './api.ts'
import type { Clock } from './clock.ts'
import { createSessionStore, type SessionStore } from './session.ts'
import type { KeyValueStorage } from './storage.ts'
import { createTimes, type Times } from './times.ts'

/** What every page has, signed in or not. Made once, in `main.tsx`. */
export interface App {
  readonly session: SessionStore
  readonly api: Api
  readonly queries: QueryClient
  readonly storage: KeyValueStorage
  readonly clock: Clock
  readonly times: Times
  /** This browser as a device that rings. */
  readonly belfry: BelfryBrowser
}

export interface AppOptions {
  readonly storage: KeyValueStorage
  readonly queries: QueryClient
  readonly clock: Clock
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Makes the SDK, which asks for the token whenever it needs it. */
  readonly openBelfry: (token: () => string | null) => BelfryBrowser
}

export function createApp({ storage, queries, clock, fetch, openBelfry }: AppOptions): App {
  const session = createSessionStore(storage)
  const token = () => session.get()?.token ?? null
  const api = createApi({
    fetch,
    token,
    onUnauthorized(refused) {
      // An answer to the token of before must not sign out who signed in since.
      if (token() === refused) session.clear('lost')
    },
  })
  // What one person fetched is not for the next one on this machine to see.
  session.subscribe(() => queries.clear())
  const times = createTimes()
  return { session, api, queries, storage, clock, times, belfry: openBelfry(token) }
}
