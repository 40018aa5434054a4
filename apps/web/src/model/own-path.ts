const longestPath = 2048

/**
 * Whether it is an address within this app: one leading slash (`//evil.example` is another host),
 * no backslash, space or control character.
 */
export function isOwnPath(path: string): boolean {
  if (path.length > longestPath || !/^\/(?![/\\])[^\\\s\p{Cc}]*$/u.test(path)) return false
  // Dots may climb: `/..//evil.example` is `//evil.example`.
  return !new URL(path, 'https://app.invalid').pathname.startsWith('//')
}
