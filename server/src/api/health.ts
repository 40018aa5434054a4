import * as z from 'zod'
import { NotReadyError } from '../observability/health.ts'
import type { ApiParts, App } from './app.ts'
import { withoutToken } from './openapi.ts'

const tags = ['operation']
const security = withoutToken
const health = { status: z.string() }
const notReady = z.object({ ...health, missing: z.array(z.string()) })

/** `/healthz`: it runs. `/readyz`: it can do its work. `/metrics`, for Prometheus. Of every process. */
export function healthRoutes(app: App, parts: Pick<ApiParts, 'ready' | 'metrics'>): void {
  app.get(
    '/healthz',
    { schema: { tags, security, summary: 'Does it run', response: { 200: z.object(health) } } },
    () => ({ status: 'ok' }),
  )

  readyRoute(app, parts)

  app.get(
    '/metrics',
    { schema: { tags, security, summary: 'Figures for Prometheus', produces: ['text/plain'] } },
    async (_request, reply) =>
      reply.header('content-type', parts.metrics.contentType).send(await parts.metrics.print()),
  )
}

function readyRoute(app: App, parts: Pick<ApiParts, 'ready'>): void {
  app.get(
    '/readyz',
    {
      schema: {
        tags,
        security,
        summary: 'Can it do its work',
        response: { 200: z.object(health), 503: notReady },
      },
    },
    async (_request, reply) => {
      try {
        await parts.ready()
        return await reply.send({ status: 'ready' })
      } catch (cause) {
        app.log.warn({ err: cause }, 'Not ready')
        const missing = cause instanceof NotReadyError ? [...cause.missing] : []
        return reply.code(503).header('retry-after', '2').send({ status: 'not ready', missing })
      }
    },
  )
}
