import { NotReadyError } from '../observability/health.ts'
import type { ApiParts, App } from './app.ts'

const schema = { hide: true }

/** `/healthz`: it runs. `/readyz`: it can do its work. `/metrics`, for Prometheus. Of every process. */
export function healthRoutes(app: App, parts: Pick<ApiParts, 'ready' | 'metrics'>): void {
  app.get('/healthz', { schema }, (_request, reply) => reply.send({ status: 'ok' }))

  app.get('/readyz', { schema }, async (_request, reply) => {
    try {
      await parts.ready()
      return await reply.send({ status: 'ready' })
    } catch (cause) {
      app.log.warn({ err: cause }, 'Not ready')
      const missing = cause instanceof NotReadyError ? cause.missing : []
      return reply.code(503).header('retry-after', '2').send({ status: 'not ready', missing })
    }
  })

  app.get('/metrics', { schema }, async (_request, reply) =>
    reply.header('content-type', parts.metrics.contentType).send(await parts.metrics.print()),
  )
}
