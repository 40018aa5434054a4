/**
 * Apple's platform stacks notifications of one tag and runs no worker for a declarative push:
 * one push a ring, no end but the missed call, no second attempt once the body was written.
 */
export function isApple(endpoint: string): boolean {
  const host = new URL(endpoint).hostname
  return host === 'push.apple.com' || host.endsWith('.push.apple.com')
}
