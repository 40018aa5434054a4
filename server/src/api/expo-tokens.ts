import {
  deleteExpoTokenBody,
  pushSubscription,
  registerExpoTokenBody,
  type DeleteExpoTokenBody,
} from '@belfry/contracts'
import { parseExpoToken } from '@belfry/expo-push'
import * as z from 'zod'
import type { Device } from '../devices/device.ts'
import { deviceView } from '../devices/device-view.ts'
import { endpointHash } from '../devices/endpoint-hash.ts'
import { guessPhoneName } from '../devices/guess-device-name.ts'
import type { DeviceStore } from '../store/port.ts'
import { announceRegistration } from './announce-registration.ts'
import { whoAsks, type ApiContext, type App } from './app.ts'
import { authenticate } from './authenticate.ts'
import { ProblemError } from './problem.ts'

const tags = ['devices']
const path = '/api/push-subscriptions/expo'

/** Phones: what the mobile app hands to the page in it, and the page registers with its own session. */
export function expoTokenRoutes(app: App, context: ApiContext): void {
  registerRoute(app, context)
  deleteRoute(app, context)
}

function registerRoute(app: App, context: ApiContext): void {
  const { registry, limits, expoHost } = context
  app.post(
    path,
    {
      onRequest: authenticate(context.accounts),
      schema: {
        tags,
        summary: 'Register this phone',
        description:
          'Known: 200, and the row keeps its id, also when the token is a new one of the same `deviceId`. The token of another person moves only with the very same `deviceId`, else 409: send it, and keep it as long as the token lives. Repeat this at every sign-in, every start, and whenever the token changes.',
        body: registerExpoTokenBody,
        response: { 200: pushSubscription, 201: pushSubscription },
      },
    },
    async (request, reply) => {
      const { userId } = whoAsks(request)
      limits.subscriptions.take(userId)
      const { body } = request
      const platform = body.platform ?? null
      const answer = await registry.register(userId, {
        address: {
          kind: 'phone',
          token: checkToken(body.token),
          platform,
          projectId: body.projectId ?? null,
          appVersion: body.appVersion ?? null,
        },
        deviceId: body.deviceId ?? null,
        deviceName: body.deviceName ?? null,
        guessedName: guessPhoneName(platform, request.headers['user-agent'] ?? ''),
      })
      if (answer.kind === 'refused') throw new ProblemError(answer.code)
      announceRegistration(context, answer)
      return reply.code(answer.created ? 201 : 200).send(deviceView(answer.device, expoHost))
    },
  )
}

/** @throws ProblemError EXPO_TOKEN_INVALID */
function checkToken(given: string): string {
  const result = parseExpoToken(given)
  if (!result.ok) throw new ProblemError(result.code, { detail: `${result.message}.` })
  return result.token
}

function deleteRoute(app: App, context: ApiContext): void {
  const { store, announce } = context
  app.delete(
    path,
    {
      onRequest: authenticate(context.accounts),
      schema: {
        tags,
        summary: 'Forget a phone by its token, or by the id of its install',
        body: deleteExpoTokenBody,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const { userId } = whoAsks(request)
      const found = await find(store.devices, userId, request.body)
      if (found?.kind !== 'phone' || !(await store.devices.remove(found.id, { ownerId: userId })))
        throw new ProblemError('SUBSCRIPTION_NOT_FOUND')
      announce([userId], 'devices.updated', { subscriptionId: found.id, change: 'removed' })
      return reply.code(204).send()
    },
  )
}

function find(
  devices: Pick<DeviceStore, 'byEndpoint' | 'byDeviceId'>,
  ownerId: string,
  wanted: DeleteExpoTokenBody,
): Promise<Device | null> {
  return 'token' in wanted
    ? devices.byEndpoint(endpointHash(wanted.token))
    : devices.byDeviceId(ownerId, wanted.deviceId)
}
