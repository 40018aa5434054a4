import cors from '@fastify/cors'
import Fastify, { LogController } from 'fastify'
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import type { Logger } from 'pino'
import { answerInTime } from './answer-in-time.ts'
import type { ApiParts, App } from './app.ts'
import { authRoutes } from './auth.ts'
import { callRoutes } from './calls.ts'
import { onClientError } from './client-error.ts'
import { conversationRoutes } from './conversations.ts'
import { errorPage } from './error-page.ts'
import { expoTokenRoutes } from './expo-tokens.ts'
import { healthRoutes } from './health.ts'
import { noteAddresses } from './known-addresses.ts'
import { createLimits } from './limits.ts'
import { notificationPreferenceRoutes } from './notification-preferences.ts'
import { onError } from './on-error.ts'
import { openapi } from './openapi.ts'
import { pageRoutes } from './pages.ts'
import { peopleRoutes } from './people.ts'
import { pushReceiptRoutes } from './push-receipts.ts'
import { pushSubscriptionRoutes } from './push-subscriptions.ts'
import { readJson } from './read-json.ts'
import { readQuery } from './read-query.ts'
import { securityHeaders } from './security-headers.ts'

const bodyLimit = 64 * 1024
const slowestHeadMs = 15_000
const slowestRequestMs = 30_000

/** The HTTP side, not yet listening. One file a resource. */
export async function createApi(parts: ApiParts, log: Logger): Promise<App> {
  const app = Fastify({
    loggerInstance: log,
    bodyLimit,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 255, querystringParser: readQuery },
    forceCloseConnections: 'idle',
    // A slow head or body holds one socket, not for long: Node looks every 5 s for those beyond their time.
    requestTimeout: slowestRequestMs,
    http: { headersTimeout: slowestHeadMs, connectionsCheckingInterval: 5_000 },
    trustProxy: 'loopback',
    // An address that cannot be decoded fails before any route.
    frameworkErrors: onError,
    clientErrorHandler: onClientError,
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(onError)
  app.decorateRequest('identity', null)
  readJson(app)
  answerInTime(app)
  addHeaders(app, parts.publicUrl)
  const noRoute = noteAddresses(app)
  await app.register(cors, {
    origin: [parts.publicUrl, ...parts.allowedOrigins],
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type'],
    exposedHeaders: ['retry-after'],
    maxAge: 600,
  })
  await openapi(app)

  const context = { ...parts, limits: createLimits(parts.now) }
  errorPage(app)
  healthRoutes(app, context)
  authRoutes(app, context)
  peopleRoutes(app, context)
  pushSubscriptionRoutes(app, context)
  expoTokenRoutes(app, context)
  pushReceiptRoutes(app, context)
  conversationRoutes(app, context)
  callRoutes(app, context)
  notificationPreferenceRoutes(app, context)
  await pageRoutes(app, context, noRoute)
  return app
}

function addHeaders(app: App, publicUrl: string): void {
  const { ['content-security-policy']: policy, ...others } = securityHeaders(publicUrl)
  app.addHook('onSend', async (request, reply) => {
    reply.headers(others)
    // The page of the API brings a policy with the hashes of its scripts.
    const isItsPage = /^\/docs(?!\/errors)(\/|$|\?)/.test(request.url)
    if (!isItsPage && !reply.hasHeader('content-security-policy')) {
      reply.header('content-security-policy', policy)
    }
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control'))
      reply.header('cache-control', 'no-store')
  })
}
