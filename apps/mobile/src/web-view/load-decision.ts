import { isSameOrigin } from '../server-address/origin.ts'

/** What becomes of an address that the page wants to load: in the app, outside of it, or nothing. */
export type LoadDecision = 'inside' | 'outside' | 'nothing'

export interface LoadRequest {
  readonly url: string
  /** False in a frame within the page (iOS tells; Android asks for the whole page only). */
  readonly isTopFrame: boolean
}

/** What other apps of the phone open. Never `intent:`, `file:`, `javascript:` or `data:`. */
const outsideSchemes = /^(https?|mailto|tel|sms|geo):/i

/**
 * The server's own pages stay in the app; other addresses open in the phone's browser or dialler.
 * A frame never leaves the app: nobody tapped for it.
 */
export function loadDecision(request: LoadRequest, origin: string): LoadDecision {
  const { url, isTopFrame } = request
  if (isSameOrigin(url, origin)) return 'inside'
  if (!isTopFrame) return url === 'about:blank' || url === 'about:srcdoc' ? 'inside' : 'nothing'
  if (url === 'about:blank') return 'inside'
  return outsideSchemes.test(url) ? 'outside' : 'nothing'
}

/** A WebView's own pages (`about:blank`, `chrome-error:`) are none of these. */
const contentSchemes = /^(https?|data|blob|file|content|javascript):/i

/**
 * Android waits 250 ms for that decision and then loads all the same, and its WebView lends the
 * camera to whatever is loaded. So the address that did begin to load is looked at again.
 */
export function isStranger(url: string, origin: string): boolean {
  return contentSchemes.test(url) && !isSameOrigin(url, origin)
}
