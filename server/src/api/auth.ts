import { loginBody, logoutBody, registerBody, session, type Session } from '@belfry/contracts'
import * as z from 'zod'
import type { SignedIn } from '../people/accounts.ts'
import { userView } from '../people/user-view.ts'
import { whoAsks, type ApiContext, type App } from './app.ts'
import { authenticate } from './authenticate.ts'
import { ProblemError } from './problem.ts'
import { createTokenBucket } from './token-bucket.ts'

export function authRoutes(app: App, context: ApiContext): void {
  const { accounts, now } = context
  const registrations = createTokenBucket({ perSecond: 1, burst: 60, now })
  const failures = createTokenBucket({ perSecond: 10 / 60, burst: 10, now })

  app.post(
    '/api/auth/register',
    {
      schema: {
        tags: ['people'],
        summary: 'Sign up',
        body: registerBody,
        response: { 201: session },
      },
    },
    async (request, reply) => {
      registrations.take(request.ip)
      const answer = await accounts.register(request.body)
      if (answer.kind === 'refused') throw new ProblemError(answer.code)
      return reply.code(201).send(signedIn(answer))
    },
  )

  app.post(
    '/api/auth/login',
    {
      schema: { tags: ['people'], summary: 'Sign in', body: loginBody, response: { 200: session } },
    },
    async (request) => {
      const name = request.body.username.toLowerCase()
      failures.check(name)
      const answer = await accounts.login(request.body)
      if (answer.kind === 'refused') {
        failures.take(name)
        throw new ProblemError(answer.code)
      }
      return signedIn(answer)
    },
  )

  logoutRoute(app, context)
}

function logoutRoute(app: App, { accounts, store }: ApiContext): void {
  app.post(
    '/api/auth/logout',
    {
      onRequest: authenticate(accounts),
      schema: {
        tags: ['people'],
        summary: 'End this token, forget this device',
        body: logoutBody,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const identity = whoAsks(request)
      const { deviceId } = request.body
      if (deviceId !== undefined) {
        const device =
          (await store.devices.byDeviceId(identity.userId, deviceId)) ??
          (await store.devices.byId(deviceId))
        if (device !== null) await store.devices.remove(device.id, { ownerId: identity.userId })
      }
      await accounts.logout(identity)
      return reply.code(204).send()
    },
  )
}

function signedIn(answer: SignedIn): Session {
  return { token: answer.token, user: userView(answer.person) }
}
