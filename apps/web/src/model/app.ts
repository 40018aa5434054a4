import type { BelfryBrowser } from '@belfry/browser'
import type { QueryClient } from '@tanstack/react-query'
import { createApi, type Api } from './api.ts'
import type { Clock } from './clock.ts'
import type { RingingDevice } from './ringing-device.ts'
import { createSessionStore, type SessionStore } from './session.ts'
import type { Phone } from './shell/phone.ts'
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
  /** This browser, or this phone, as a device that rings. */
  readonly belfry: RingingDevice
  /** The app on a phone that the page runs in; null in a browser. */
  readonly phone: Phone | null
}

/** What the app on a phone is opened with. */
export interface PhoneParts extends Pick<App, 'session' | 'api' | 'storage' | 'clock'> {
  /** The SDK of the WebView's own browser. */
  readonly browser: BelfryBrowser
}

export interface AppOptions {
  readonly storage: KeyValueStorage
  readonly queries: QueryClient
  readonly clock: Clock
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Makes the SDK, which asks for the token whenever it needs it. */
  readonly openBelfry: (token: () => string | null) => BelfryBrowser
  /** In the app on a phone only. */
  readonly openPhone?: (parts: PhoneParts) => {
    readonly phone: Phone
    readonly device: RingingDevice
  }
}

export function createApp(options: AppOptions): App {
  const { storage, queries, clock, fetch } = options
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
  const browser = options.openBelfry(token)
  const opened = options.openPhone?.({ session, api, storage, clock, browser })
  const belfry = opened?.device ?? browser
  return { session, api, queries, storage, clock, times, belfry, phone: opened?.phone ?? null }
}
