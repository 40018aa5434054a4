import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Live } from '../model/live.ts'
import type { Connection } from '../model/realtime.ts'

export const LiveContext = createContext<Live | null>(null)

/** What exists while somebody is signed in: `me`, realtime. Every page behind the shell has it. */
export function useLive(): Live {
  const live = useContext(LiveContext)
  if (live === null) throw new Error('useLive is for components behind sign-in')
  return live
}

export function useConnection(): Connection {
  const { realtime } = useLive()
  return useSyncExternalStore(realtime.subscribe, realtime.connection)
}
