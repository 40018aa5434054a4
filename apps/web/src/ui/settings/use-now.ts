import { useEffect, useState } from 'react'
import { useApp } from '../../app/app-context.ts'

/** Now, in milliseconds; moves every `everyMs` while something counts, and rests with null. */
export function useNow(everyMs: number | null): number {
  const { clock } = useApp()
  const [nowMs, setNowMs] = useState(clock.now)
  useEffect(() => {
    if (everyMs === null) return undefined
    setNowMs(clock.now())
    return clock.every(() => setNowMs(clock.now()), everyMs)
  }, [clock, everyMs])
  return nowMs
}
