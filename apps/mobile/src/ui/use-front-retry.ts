import { useEffect } from 'react'
import { AppState } from 'react-native'

/** Tries again when the app comes back to the front, as long as there is something to try. */
export function useFrontRetry(isNeeded: boolean, retry: () => void): void {
  useEffect(() => {
    if (!isNeeded) return undefined
    const subscription = AppState.addEventListener('change', (state) => {
      if (state === 'active') retry()
    })
    return () => subscription.remove()
  }, [isNeeded, retry])
}
