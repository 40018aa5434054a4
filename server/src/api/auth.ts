import { loginBody, logoutBody, registerBody, session, type Session } from '@belfry/contracts'
import * as z from 'zod'
import type { SignedIn } from '../people/accounts.ts'
import { userView } from '../people/user-view.ts'
import { foldCase } from '../store/fold-case.ts'
import { whoAsks, type ApiContext, type App } from './app.ts'
import { authenticate } from './authenticate.ts'
import { ProblemError } from './problem.ts'
import { createTurns } from './create-turns.ts'
import { withoutToken } from './openapi.ts'

export function authRoutes(app: App, context: ApiContext): void {
  const { accounts, limits } = context
  // Attempts on one name wait for each other: at once, they would all pass before the first has failed.
  const inTurn = createTurns()

  app.post(
    '/api/auth/register',
    {
      schema: {
        tags: ['people'],
        summary: 'Sign up',
        security: withoutToken,
        body: registerBody,
        response: { 201: session },
      },
    },
    async (request, reply) => {
      limits.signUps.take(request.ip)
      const answer = await accounts.register(request.body)
      if (answer.kind === 'refused') throw new ProblemError(answer.code)
      return reply.code(201).send(signedIn(answer))
    },
  )

  app.post(
    '/api/auth/login',
    {
      schema: {
        tags: ['people'],
        summary: 'Sign in',
        security: withoutToken,
        body: loginBody,
        response: { 200: session },
      },
    },
    async (request) => {
      const name = foldCase(request.body.username)
      return inTurn(name, async () => {
        limits.failedSignIns.check(name)
        const answer = await accounts.login(request.body)
        if (answer.kind === 'signed_in') return signedIn(answer)
        limits.failedSignIns.take(name)
        throw new ProblemError(answer.code)
      })
    },
  )

  logoutRoute(app, context)
}

function logoutRoute(app: App, { accounts, registry, announce }: ApiContext): void {
  app.post(
    '/api/auth/logout',
    {
      onRequest: authenticate(accounts),
      schema: {
        tags: ['people'],
        summary: 'End this token, forget this device',
        description:
          '`deviceId` is the browser’s own or the subscription’s id. A token of another issuer cannot be ended here.',
        body: logoutBody,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const identity = whoAsks(request)
      const { deviceId } = request.body
      const forgotten =
        deviceId === undefined ? [] : await registry.forget(identity.userId, deviceId)
      for (const { id } of forgotten)
        announce([identity.userId], 'devices.updated', { subscriptionId: id, change: 'removed' })
      await accounts.logout(identity)
      return reply.code(204).send()
    },
  )
}

function signedIn(answer: SignedIn): Session {
  return { token: answer.token, user: userView(answer.person) }
}
