import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Session } from '@belfry/contracts'
import type { App } from '../model/app.ts'

export const AppContext = createContext<App | null>(null)

/** What every page has: session, api, queries. */
export function useApp(): App {
  const app = useContext(AppContext)
  if (app === null) throw new Error('useApp is for components inside <AppContext>')
  return app
}

/** Who is signed in; follows sign-out, also in another tab. */
export function useSession(): Session | null {
  const { session } = useApp()
  return useSyncExternalStore(session.subscribe, session.get)
}
