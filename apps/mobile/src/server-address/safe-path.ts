import { isSameOrigin } from './origin.ts'

const longestPath = 2_048

/**
 * A path of this server as a push, a link or a page named it; undefined when it is none. It starts
 * with one slash (`//evil.tld` is another host), and holds no backslash, space or control character.
 */
export function safePath(path: unknown): string | undefined {
  if (typeof path !== 'string' || path.length > longestPath) return undefined
  if (!/^\/(?!\/)[^\s\\\p{Cc}\p{Cf}\p{Cs}]*$/u.test(path)) return undefined
  return isSameOrigin(`https://server.invalid${path}`, 'https://server.invalid') ? path : undefined
}
