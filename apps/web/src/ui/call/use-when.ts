import { useEffect, useState } from 'react'
import { useApp } from '../../app/app-context.ts'
import type { WhenOptions } from '../../model/notifications/when-words.ts'

const everyMs = 20_000

/** Now, for relative times, in the person's own language and time zone. It moves by itself. */
export function useWhen(): WhenOptions {
  const { clock } = useApp()
  const [nowMs, setNowMs] = useState(clock.now)
  useEffect(() => clock.every(() => setNowMs(clock.now()), everyMs), [clock])
  return { nowMs, locale: navigator.language }
}
