import { useSyncExternalStore } from 'react'

/** The width below which the ring covers the whole window; the same figure as in the styles. */
const narrow = '(width < 720px)'

/** Whether the window is a phone's: one page at a time. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => window.matchMedia(narrow).matches)
}

function subscribe(listener: () => void): () => void {
  const media = window.matchMedia(narrow)
  media.addEventListener('change', listener)
  return () => media.removeEventListener('change', listener)
}
