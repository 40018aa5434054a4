import type { ApiContext, App } from './app.ts'

export function healthRoutes(app: App, context: ApiContext): void {
  app.get('/healthz', { schema: { hide: true } }, (_request, reply) => reply.send({ status: 'ok' }))

  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    try {
      await context.ready()
      return await reply.send({ status: 'ready' })
    } catch (cause) {
      app.log.warn({ err: cause }, 'Not ready')
      return reply.code(503).header('retry-after', '2').send({ status: 'not ready' })
    }
  })

  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.header('content-type', context.metrics.contentType).send(await context.metrics.print()),
  )
}
