import type { FastifyRequest } from 'fastify'
import type { App } from './app.ts'
import { ProblemError } from './problem.ts'

/** Why a request met no route: its address takes other methods, or is none. For the not-found handler. */
export type NoRoute = (request: Pick<FastifyRequest, 'url' | 'method'>) => ProblemError

/**
 * Notes every route that is added from now on, but for those of a whole folder (`*`): call it first.
 * `OPTIONS` without the headers of a preflight, of which `@fastify/cors` would say so in plain text, is
 * a method like any other.
 */
export function noteAddresses(app: App): NoRoute {
  const methodsOf = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return
    const methods = methodsOf.get(url) ?? new Set()
    for (const each of [method].flat()) methods.add(each)
    methodsOf.set(url, methods)
  })

  const noRoute: NoRoute = ({ url }) => {
    const [path = ''] = url.split(/[?#]/)
    const allow = [...methodsOf].flatMap(([known, methods]) =>
      fits(known, path) ? [...methods] : [],
    )
    return allow.length === 0
      ? new ProblemError('NOT_FOUND')
      : new ProblemError('METHOD_NOT_ALLOWED', { allow: [...new Set(allow)].toSorted() })
  }

  app.addHook('onRequest', async (request) => {
    const { origin, 'access-control-request-method': asked } = request.headers
    if (request.method !== 'OPTIONS' || (origin !== undefined && asked !== undefined)) return
    throw noRoute(request)
  })
  return noRoute
}

/** Is the path one of the route's? Segment by segment; `:id` is any that is not empty. */
function fits(known: string, path: string): boolean {
  const wanted = known.split('/')
  const given = path.split('/')
  return (
    wanted.length === given.length &&
    wanted.every((each, at) => (each.startsWith(':') ? given[at] !== '' : each === given[at]))
  )
}
