import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Accounts } from '../people/accounts.ts'
import type { TokenRefusal } from '../people/tokens.ts'
import { diagnose, onError } from './on-error.ts'
import { ProblemError } from './problem.ts'

const notBearer = 'The Authorization header is not "Bearer <token>".'

/** For whoever makes the tokens. What a token holds is judged, and told of, only once its signature is right. */
const tokenRefusals = {
  not_accepted:
    'The token is not signed as we accept it: another key or algorithm, or it is no JWT of at most 8 kB for access.',
  expired: 'The token has expired (exp).',
  no_expiry: 'The token does not say when it ends: sign it with exp.',
  not_yet_valid: 'The token is not valid yet (nbf); compare the clocks.',
  other_issuer: 'The token is of another issuer than JWT_ISSUER says (iss).',
  other_audience: 'The token is for another audience than JWT_AUDIENCE says (aud).',
  no_subject:
    'The token does not say who it is: sub must be 1 to 255 characters, none a control character.',
  ended: 'The session of this token has ended.',
} as const satisfies Record<TokenRefusal, string>

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
    if (token === undefined) throw new ProblemError('UNAUTHENTICATED', { detail: notBearer })
    const answer = await accounts.identify(token)
    if (answer.kind === 'refused')
      throw new ProblemError('UNAUTHENTICATED', { detail: tokenRefusals[answer.reason] })
    request.identity = answer.identity
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
