import type { IncomingHttpHeaders } from 'node:http'

/**
 * May a page of that origin open a socket here? Browsers send `Origin` with every WebSocket and hold back
 * nothing themselves (RFC 6455 §10.2): CORS is no matter of theirs. Ours is the host that the browser asked,
 * with whatever scheme, because TLS may end before us, or an allowed origin. No `Origin`: no browser.
 */
export function isFromUs(
  { origin, host }: Pick<IncomingHttpHeaders, 'origin' | 'host'>,
  allowedOrigins: readonly string[],
): boolean {
  if (origin === undefined || allowedOrigins.includes(origin)) return true
  return host !== undefined && URL.parse(origin)?.host === URL.parse(`http://${host}`)?.host
}
