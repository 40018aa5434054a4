import { isSameOrigin } from '../server-address/origin.ts'
import { safePath } from '../server-address/safe-path.ts'

/** The absolute address of a file to save; undefined unless it is this server's. */
export function downloadAddress(url: string, origin: string): string | undefined {
  const path = safePath(url)
  if (path !== undefined) return origin + path
  return isSameOrigin(url, origin) ? url : undefined
}
