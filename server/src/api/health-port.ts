import Fastify, { LogController } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Logger } from 'pino'
import type { ApiParts } from './app.ts'
import { healthRoutes } from './health.ts'
import { listen } from './listen.ts'
import { onError } from './on-error.ts'
import { ProblemError } from './problem.ts'

const slowestRequestMs = 10_000

/**
 * What a process without the role `api` listens with: `/healthz`, `/readyz`, `/metrics`, and nothing else.
 * @throws ListenError
 */
export async function openHealthPort(
  parts: Pick<ApiParts, 'ready' | 'metrics'>,
  { port, host, log }: { port: number; host: string; log: Logger },
): Promise<{ close(): Promise<void> }> {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    requestTimeout: slowestRequestMs,
    frameworkErrors: onError,
  }).withTypeProvider<ZodTypeProvider>()
  app.setErrorHandler(onError)
  app.setNotFoundHandler(() => {
    throw new ProblemError('NOT_FOUND')
  })
  healthRoutes(app, parts)
  try {
    await listen(app, { port, host })
  } catch (cause) {
    await app.close()
    throw cause
  }
  return { close: () => app.close() }
}
