import { useSyncExternalStore } from 'react'
import { useLive } from '../../app/live-context.ts'
import type { RingSnapshot } from '../../model/ring.ts'

/** The calls that ring, and the ones that are on. Moves once a second while something counts. */
export function useRing(): RingSnapshot {
  const { ring } = useLive()
  return useSyncExternalStore(ring.subscribe, ring.snapshot)
}
