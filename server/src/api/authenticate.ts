import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Accounts } from '../people/accounts.ts'
import { diagnose, onError } from './on-error.ts'
import { ProblemError } from './problem.ts'

/** onRequest hook: before the body is read, so that 401 comes before any other complaint. */
export function authenticate(accounts: Pick<Accounts, 'identify'>) {
  return async (request: FastifyRequest): Promise<void> => {
    await authenticateIfAny(accounts)(request)
    if (request.identity === null) throw new ProblemError('UNAUTHENTICATED')
  }
}

/** Where a capability in the body does as well: no token is no error, a wrong one is. */
export function authenticateIfAny(accounts: Pick<Accounts, 'identify'>) {
  return async (request: FastifyRequest): Promise<void> => {
    const { authorization } = request.headers
    if (authorization === undefined) return
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
    request.identity = token === undefined ? null : await accounts.identify(token)
    if (request.identity === null) throw new ProblemError('UNAUTHENTICATED')
  }
}

/**
 * Error handler of a route that a capability in the body opens as well: who brings neither token nor
 * capability is told 401, whatever else is wrong with the body.
 */
export function unauthenticatedWithout(capability: string) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const brought = new Map(Object.entries(request.body ?? {})).has(capability)
    const anonymous = request.identity === null && !brought
    const { status } = diagnose(error)
    onError(
      anonymous && status === 400 ? new ProblemError('UNAUTHENTICATED') : error,
      request,
      reply,
    )
  }
}
