import { originOf } from './origin.ts'
import { safePath } from './safe-path.ts'

/** The app's own scheme, also in `app.config.ts`. */
export const appScheme = 'belfry'

/**
 * The path that a link into the app names: `https://<the server>/chats/1` or `belfry://chats/1`.
 * Undefined for another server's links, and for what the development client opens itself with.
 */
export function linkPath(link: string, origin: string): string | undefined {
  const own = `${appScheme}://`
  if (link.toLowerCase().startsWith(own)) {
    const rest = link.slice(own.length).replace(/^\/+/, '')
    return rest.startsWith('expo-development-client') ? undefined : safePath(`/${rest}`)
  }
  if (originOf(link) !== origin) return undefined
  const rest = link.replace(/^[^:]+:\/\/[^/?#]*/, '')
  return safePath(rest.startsWith('/') ? rest : `/${rest}`)
}
