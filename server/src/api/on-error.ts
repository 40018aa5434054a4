import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import {
  ProblemError,
  problems,
  problemBody,
  type ProblemCode,
  type ProblemDetails,
} from './problem.ts'

/** What Fastify itself throws before a route runs. */
const fastifyCodes: ReadonlyMap<string, ProblemCode> = new Map([
  ['FST_ERR_CTP_INVALID_JSON_BODY', 'INVALID_JSON'],
  ['FST_ERR_CTP_EMPTY_JSON_BODY', 'INVALID_JSON'],
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'BODY_TOO_LARGE'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'UNSUPPORTED_MEDIA_TYPE'],
  ['FST_ERR_BAD_URL', 'NOT_FOUND'],
  ['FST_ERR_MAX_PARAM_LENGTH', 'NOT_FOUND'],
  ['FST_ERR_HANDLER_TIMEOUT', 'TOO_SLOW'],
])

/** What our own code throws, by its `code`. */
const ourCodes: ReadonlySet<string> = new Set<ProblemCode>([
  'STORE_UNAVAILABLE',
  'OUTBOX_FULL',
  'BROKER_UNAVAILABLE',
  'JWKS_UNAVAILABLE',
  'CALL_CONTENDED',
])

const retryAfterUnavailableSeconds = 2

/** Makes every error `application/problem+json`. What we did not foresee is 500 and goes to the log. */
export function onError(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { code, details } = diagnose(error)
  const { status, body } = problemBody(code, details)
  if (status >= 500)
    request.log.error({ err: error, path: request.routeOptions.url }, 'API: a request failed')
  const retryAfter =
    details.retryAfter ?? (status === 503 ? retryAfterUnavailableSeconds : undefined)
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter))
  if (details.allow !== undefined) reply.header('allow', details.allow.join(', '))
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  reply
    .code(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(body))
}

/** Which problem an error is. Never by its message: by class or `code`. */
export function diagnose(error: FastifyError | Error): {
  code: ProblemCode
  status: number
  details: ProblemDetails
} {
  const { code, details = {} } = recognise(error)
  return { code, status: problems[code][0], details }
}

function recognise(error: FastifyError | Error): { code: ProblemCode; details?: ProblemDetails } {
  if (error instanceof ProblemError) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map((each) => ({
      path: each.instancePath,
      message: each.message ?? 'is not valid',
    }))
    return { code: 'INVALID_REQUEST', details: { errors } }
  }
  const code = 'code' in error ? error.code : ''
  const known = fastifyCodes.get(code)
  if (known !== undefined) return { code: known }
  if (isOurs(code)) return { code }
  const status = 'statusCode' in error ? error.statusCode : undefined
  // `@fastify/static` says 403 to a path that leads out of its folder: to the outside it is not there.
  if (status === 403) return { code: 'NOT_FOUND' }
  return status !== undefined && status >= 400 && status < 500
    ? { code: 'INVALID_REQUEST', details: { detail: error.message } }
    : { code: 'INTERNAL' }
}

function isOurs(code: string): code is ProblemCode {
  return ourCodes.has(code)
}
