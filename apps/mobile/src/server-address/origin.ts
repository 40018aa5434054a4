/** The origin of an `http:` or `https:` address, e.g. `https://chat.example`; undefined for anything else. */
export function originOf(address: string): string | undefined {
  try {
    const { protocol, hostname, port } = new URL(address)
    if ((protocol !== 'https:' && protocol !== 'http:') || hostname === '') return undefined
    return `${protocol}//${hostname}${port === '' ? '' : `:${port}`}`
  } catch {
    // No address at all.
    return undefined
  }
}

/**
 * True only for the same scheme, host and port. Never compare the beginnings of addresses:
 * `https://chat.example.evil.tld` begins with `https://chat.example`.
 */
export function isSameOrigin(address: string, origin: string): boolean {
  return originOf(address) === origin
}
