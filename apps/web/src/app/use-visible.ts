import { useEffect } from 'react'
import type { Attention } from '../model/attention.ts'

/** Keeps the attention informed whether this tab is in sight. */
export function useVisible(attention: Attention | undefined): void {
  useEffect(() => {
    if (attention === undefined) return undefined
    const look = () => attention.setVisible(document.visibilityState === 'visible')
    look()
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [attention])
}
