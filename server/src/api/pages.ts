import fastifyStatic from '@fastify/static'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ApiContext, App } from './app.ts'
import { ProblemError } from './problem.ts'

/**
 * The built web app: hashed files for ever, the worker and the pages never from a cache. Every
 * address that is not a file or the API is the app's own, so that deep links open it.
 */
export async function pageRoutes(app: App, context: ApiContext): Promise<void> {
  const { webDir } = context
  if (webDir === null || !existsSync(join(webDir, 'index.html'))) {
    app.setNotFoundHandler(() => {
      throw new ProblemError('NOT_FOUND')
    })
    return
  }
  await app.register(fastifyStatic, {
    root: webDir,
    wildcard: true,
    index: false,
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
    const page = request.method === 'GET' || request.method === 'HEAD'
    const [path = ''] = request.url.split('?')
    const ofTheApp =
      page && !/^\/(api|assets|icons|_matrix)\//.test(path) && !/\.[a-z0-9]+$/i.test(path)
    if (!ofTheApp) throw new ProblemError('NOT_FOUND')
    return reply.header('cache-control', 'no-cache').sendFile('index.html')
  })
}
