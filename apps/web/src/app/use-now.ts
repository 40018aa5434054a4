import { useEffect, useState } from 'react'
import { useApp } from './app-context.ts'

const minuteMs = 60_000

/** The time, a minute exact: *Today* becomes *Yesterday* while the page stays open. */
export function useNow(): number {
  const { clock } = useApp()
  const [nowMs, setNow] = useState(clock.now)
  useEffect(() => clock.every(() => setNow(clock.now()), minuteMs), [clock])
  return nowMs
}
