import Fastify, { LogController } from 'fastify'
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import type { Logger } from 'pino'
import type { ApiParts } from './app.ts'
import { onClientError } from './client-error.ts'
import { healthRoutes } from './health.ts'
import { noteAddresses } from './known-addresses.ts'
import { listen } from './listen.ts'
import { onError } from './on-error.ts'

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
    clientErrorHandler: onClientError,
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(onError)
  const noRoute = noteAddresses(app)
  app.setNotFoundHandler((request) => {
    throw noRoute(request)
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
