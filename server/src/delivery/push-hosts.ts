/**
 * Apple's platform stacks notifications of one tag and runs no worker for a declarative push:
 * one push a ring, no end but the missed call, no second attempt once the body was written.
 */
export function isApple(endpoint: string): boolean {
  const host = new URL(endpoint).hostname
  return host === 'push.apple.com' || host.endsWith('.push.apple.com')
}

/**
 * Origin and host of a stored endpoint. It is cut out and not parsed: rows hold the URL parser's own normal
 * form, and this is asked four times for every push.
 */
export function placeOfEndpoint(endpoint: string): { origin: string; host: string } {
  const from = endpoint.indexOf('//') + 2
  const to = endpoint.indexOf('/', from)
  return { origin: endpoint.slice(0, to), host: endpoint.slice(from, to) }
}
