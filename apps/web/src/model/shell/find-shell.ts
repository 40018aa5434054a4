/** Hands a text to the app around the page. */
export type PostToShell = (text: string) => void

/**
 * The way to the app on a phone that shows this page; null in a browser. In the app the WebView has
 * put it there before the first script of the page runs.
 */
export function findShell(page: object): PostToShell | null {
  const view: unknown = Reflect.get(page, 'ReactNativeWebView')
  if (typeof view !== 'object' || view === null || !('postMessage' in view)) return null
  const { postMessage } = view
  if (typeof postMessage !== 'function') return null
  return (text) => void Reflect.apply(postMessage, view, [text])
}
