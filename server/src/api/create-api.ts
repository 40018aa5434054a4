import cors from '@fastify/cors'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import Fastify, { LogController } from 'fastify'
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import type { Logger } from 'pino'
import type { ApiContext, App } from './app.ts'
import { authRoutes } from './auth.ts'
import { callRoutes } from './calls.ts'
import { conversationRoutes } from './conversations.ts'
import { healthRoutes } from './health.ts'
import { notificationPreferenceRoutes } from './notification-preferences.ts'
import { onError } from './on-error.ts'
import { pageRoutes } from './pages.ts'
import { peopleRoutes } from './people.ts'
import { pushReceiptRoutes } from './push-receipts.ts'
import { pushSubscriptionRoutes } from './push-subscriptions.ts'
import { securityHeaders } from './security-headers.ts'

const bodyLimit = 64 * 1024

/** The HTTP side, not yet listening. One file a resource. */
export async function createApi(context: ApiContext, log: Logger): Promise<App> {
  const app = Fastify({
    loggerInstance: log,
    bodyLimit,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 255 },
    forceCloseConnections: 'idle',
    // A slow body holds one socket, not for long.
    requestTimeout: 30_000,
    trustProxy: 'loopback',
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(onError)
  app.decorateRequest('identity', null)
  readJson(app)

  const headers = securityHeaders(context.publicUrl)
  app.addHook('onSend', async (request, reply) => {
    // The API's own page brings a policy with the hashes of its scripts.
    const { ['content-security-policy']: policy, ...others } = headers
    reply.headers(others)
    if (!reply.hasHeader('content-security-policy') && !request.url.startsWith('/docs')) {
      reply.header('content-security-policy', policy)
    }
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control'))
      reply.header('cache-control', 'no-store')
  })

  await app.register(cors, {
    origin: [...context.allowedOrigins],
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type'],
    maxAge: 600,
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Belfry',
        version: '0.1.0',
        description:
          'Chat messages and calls that reach a closed tab. Errors are application/problem+json with a `code`.',
      },
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
      security: [{ bearer: [] }],
    },
    transform: jsonSchemaTransform,
  })
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true })
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())

  healthRoutes(app, context)
  authRoutes(app, context)
  peopleRoutes(app, context)
  pushSubscriptionRoutes(app, context)
  pushReceiptRoutes(app, context)
  conversationRoutes(app, context)
  callRoutes(app, context)
  notificationPreferenceRoutes(app, context)
  await pageRoutes(app, context)
  return app
}

/** No body at all is an empty one: `POST …/accept` needs nothing. */
function readJson(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = typeof body === 'string' ? body : body.toString()
    if (text.trim() === '') done(null, {})
    else void parse(request, text, done)
  })
  app.addHook('preValidation', async (request) => {
    if (request.body === undefined && request.method !== 'GET') request.body = {}
  })
}
