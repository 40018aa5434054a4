/** The pages that a notification may open, as they follow the app's root. */
const routes =
  /^(calls(\/incoming\?sessionId=[^?]+|\/[^/?]+)?|chats(\/[^/?]+)?|settings\/notification)?$/

/**
 * The address that a click opens: one of the app's own pages, else its root. A payload never
 * leads to another origin, to `javascript:`, or to a query that we did not name.
 *
 * @param scope the registration's absolute address, e.g. `https://app.example/`
 */
export function safeUrl(navigate: unknown, scope: string): string {
  try {
    const { href } = new URL(String(navigate), scope)
    const url = href.replace(/[&#].*/, '')
    if (url.startsWith(scope) && routes.test(url.slice(scope.length))) return url
  } catch {
    // No address at all: the root it is.
  }
  return scope
}
