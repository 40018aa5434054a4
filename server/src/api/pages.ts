import fastifyStatic from '@fastify/static'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ApiContext, App } from './app.ts'
import type { NoRoute } from './known-addresses.ts'

/** Addresses that are never a page of the app, whatever comes after. */
const notOfTheApp = /^\/(api|assets|icons|realtime|_matrix)(\/|$)/
/** A file that is not there is missing, and no deep link. */
const namesAFile = /\.[a-z0-9]+$/i

/**
 * The built web app: hashed files for ever, the worker and the pages never from a cache. Every
 * address that is not a file or the API is the app's own, so that deep links open it.
 */
export async function pageRoutes(
  app: App,
  { webDir }: ApiContext,
  noRoute: NoRoute,
): Promise<void> {
  if (webDir === null || !existsSync(join(webDir, 'index.html'))) {
    app.setNotFoundHandler((request) => {
      throw noRoute(request)
    })
    return
  }
  await app.register(fastifyStatic, {
    root: webDir,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders(reply, path) {
      reply.header(
        'cache-control',
        path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
      if (path.endsWith('.webmanifest')) reply.header('content-type', 'application/manifest+json')
    },
  })
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?')
    const isPage =
      ['GET', 'HEAD'].includes(request.method) && !notOfTheApp.test(path) && !namesAFile.test(path)
    if (!isPage) throw noRoute(request)
    return reply.header('cache-control', 'no-cache').sendFile('index.html')
  })
}
