import {
  deleteSubscriptionBody,
  pushConfig,
  pushSubscription,
  pushSubscriptions,
  registeredSubscription,
  registerSubscriptionBody,
  renameSubscriptionBody,
  renewedSubscription,
  renewSubscriptionBody,
  testNotificationBody,
  testResults,
} from '@belfry/contracts'
import type { FastifyRequest } from 'fastify'
import * as z from 'zod'
import { deviceView } from '../devices/device-view.ts'
import { endpointHash } from '../devices/endpoint-hash.ts'
import { guessDeviceName } from '../devices/guess-device-name.ts'
import { announceRegistration } from './announce-registration.ts'
import { whoAsks, type ApiContext, type App } from './app.ts'
import { authenticate, authenticateIfAny, unauthenticatedWithout } from './authenticate.ts'
import { checkSubscription, whichVapidKey } from './given-subscription.ts'
import { withoutToken } from './openapi.ts'
import { ProblemError } from './problem.ts'

const tags = ['devices']
const idParam = z.object({ id: z.string().max(255) })

export function pushSubscriptionRoutes(app: App, context: ApiContext): void {
  configRoute(app, context)
  registerRoute(app, context)
  listRoutes(app, context)
  deleteRoutes(app, context)
  renewRoute(app, context)
  testRoute(app, context)
}

/** Before the body is read: 404 for an id that is not one of theirs. */
function ofTheirs(context: ApiContext) {
  return [
    authenticate(context.accounts),
    async (request: FastifyRequest): Promise<void> => {
      const { id } = idParam.parse(request.params)
      const device = await context.store.devices.byId(id)
      if (device?.ownerId !== whoAsks(request).userId)
        throw new ProblemError('SUBSCRIPTION_NOT_FOUND')
    },
  ]
}

function configRoute(app: App, context: ApiContext): void {
  app.get(
    '/api/push/config',
    {
      schema: {
        tags,
        summary: 'What a browser needs to subscribe',
        security: withoutToken,
        response: { 200: pushConfig },
      },
    },
    () => ({
      vapidPublicKey: context.vapidPublicKeys[0] ?? '',
      ringTimeoutSeconds: context.ringTimeoutSeconds,
      serverTime: new Date(context.now()).toISOString(),
    }),
  )
}

function registerRoute(app: App, context: ApiContext): void {
  const { registry, capabilities, limits } = context
  app.post(
    '/api/push-subscriptions',
    {
      onRequest: authenticate(context.accounts),
      schema: {
        tags,
        summary: 'Register this browser',
        description:
          'The body is `subscription.toJSON()`, or the same flat. Known: 200, and the row keeps its id. The endpoint of another person moves only with the very same keys.',
        body: registerSubscriptionBody,
        response: { 200: registeredSubscription, 201: registeredSubscription },
      },
    },
    async (request, reply) => {
      const { userId } = whoAsks(request)
      limits.subscriptions.take(userId)
      const { deviceId, deviceName, applicationServerKey } = request.body
      const answer = await registry.register(userId, {
        address: {
          kind: 'browser',
          ...checkSubscription(context, request.body),
          vapidPublicKey: whichVapidKey(context, applicationServerKey ?? undefined),
        },
        deviceId: deviceId ?? null,
        deviceName: deviceName ?? null,
        guessedName: guessDeviceName(request.headers['user-agent'] ?? ''),
      })
      if (answer.kind === 'refused') throw new ProblemError(answer.code)
      const { device } = answer
      announceRegistration(context, answer)
      return reply.code(answer.created ? 201 : 200).send({
        ...deviceView(device, context.expoHost),
        renewToken: capabilities.renewToken(device.id, device.generation),
      })
    },
  )
}

function listRoutes(app: App, context: ApiContext): void {
  const { store, registry, announce } = context
  const onRequest = authenticate(context.accounts)
  app.get(
    '/api/push-subscriptions',
    {
      onRequest,
      schema: { tags, summary: 'My browsers and phones', response: { 200: pushSubscriptions } },
    },
    async (request) => {
      const own = await store.devices.ofOwner(whoAsks(request).userId)
      return { subscriptions: own.map((device) => deviceView(device, context.expoHost)) }
    },
  )

  app.patch(
    '/api/push-subscriptions/:id',
    {
      onRequest: ofTheirs(context),
      schema: {
        tags,
        summary: 'Name a device',
        params: idParam,
        body: renameSubscriptionBody,
        response: { 200: pushSubscription },
      },
    },
    async (request) => {
      const { userId } = whoAsks(request)
      const device = await registry.rename(userId, request.params.id, request.body.deviceName)
      if (device === null) throw new ProblemError('SUBSCRIPTION_NOT_FOUND')
      announce([userId], 'devices.updated', { subscriptionId: device.id, change: 'renamed' })
      return deviceView(device, context.expoHost)
    },
  )
}

function deleteRoutes(app: App, context: ApiContext): void {
  const { store, announce } = context

  async function remove(userId: string, id: string): Promise<void> {
    if (!(await store.devices.remove(id, { ownerId: userId })))
      throw new ProblemError('SUBSCRIPTION_NOT_FOUND')
    announce([userId], 'devices.updated', { subscriptionId: id, change: 'removed' })
  }

  app.delete(
    '/api/push-subscriptions/:id',
    {
      onRequest: ofTheirs(context),
      schema: {
        tags,
        summary: 'Forget a device',
        params: idParam,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      await remove(whoAsks(request).userId, request.params.id)
      return reply.code(204).send()
    },
  )

  app.delete(
    '/api/push-subscriptions',
    {
      onRequest: authenticate(context.accounts),
      schema: {
        tags,
        summary: 'Forget a device by endpoint',
        body: deleteSubscriptionBody,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const device = await store.devices.byEndpoint(endpointHash(request.body.endpoint))
      await remove(whoAsks(request).userId, device?.id ?? '')
      return reply.code(204).send()
    },
  )
}

function renewRoute(app: App, context: ApiContext): void {
  const { registry, capabilities, announce } = context
  app.post(
    '/api/push-subscriptions/renew',
    {
      onRequest: authenticateIfAny(context.accounts),
      errorHandler: unauthenticatedWithout('renewToken'),
      schema: {
        tags,
        summary: 'Replace an endpoint that the browser renewed',
        security: [{ bearer: [] }, {}],
        description: 'With a token, or without one by `renewToken`. Never changes the owner.',
        body: renewSubscriptionBody,
        response: { 200: renewedSubscription },
      },
    },
    async (request) => {
      const { oldEndpoint, renewToken, subscription, applicationServerKey } = request.body
      if (request.identity === null && renewToken === undefined)
        throw new ProblemError('UNAUTHENTICATED')
      const answer = await registry.renew(
        {
          oldEndpoint,
          subscription: checkSubscription(context, subscription),
          vapidPublicKey: whichVapidKey(context, applicationServerKey),
        },
        { userId: request.identity?.userId ?? null, renewToken: renewToken ?? null },
      )
      if (answer.kind === 'refused') throw new ProblemError(answer.code)
      const { device } = answer
      announce([device.ownerId], 'devices.updated', {
        subscriptionId: device.id,
        change: 'registered',
      })
      return { id: device.id, renewToken: capabilities.renewToken(device.id, device.generation) }
    },
  )
}

function testRoute(app: App, context: ApiContext): void {
  app.post(
    '/api/push-subscriptions/test',
    {
      onRequest: authenticate(context.accounts),
      schema: {
        tags,
        summary: 'Send a test notification now',
        body: testNotificationBody,
        response: { 200: testResults },
      },
    },
    async (request) => {
      const { id, kind } = request.body
      const results = await context.testNotification(whoAsks(request).userId, {
        only: id ?? null,
        kind,
      })
      if (id !== undefined && results.length === 0) throw new ProblemError('SUBSCRIPTION_NOT_FOUND')
      return { results }
    },
  )
}
