import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { ProblemError, problemBody, type ProblemCode, type ProblemDetails } from './problem.ts'

/** What Fastify itself throws before a route runs. */
const fastifyCodes: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'INVALID_JSON',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'INVALID_JSON',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'INVALID_REQUEST',
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
}

/** What our own code throws, by its `code`. */
const ourCodes: ReadonlySet<string> = new Set<ProblemCode>([
  'STORE_UNAVAILABLE',
  'BROKER_UNAVAILABLE',
  'JWKS_UNAVAILABLE',
  'CALL_CONTENDED',
])

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
  const retryAfter = details.retryAfter ?? (status === 503 ? 2 : undefined)
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter))
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  reply
    .code(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(body))
}

function diagnose(error: FastifyError | Error): { code: ProblemCode; details: ProblemDetails } {
  if (error instanceof ProblemError) return { code: error.code, details: error.details }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map((each) => ({
      path: each.instancePath,
      message: each.message ?? 'is not valid',
    }))
    return { code: 'INVALID_REQUEST', details: { errors } }
  }
  const code = 'code' in error ? error.code : ''
  const known = fastifyCodes[code]
  if (known !== undefined) return { code: known, details: {} }
  if (isOurs(code)) return { code, details: {} }
  const status = 'statusCode' in error ? error.statusCode : undefined
  return status !== undefined && status >= 400 && status < 500
    ? { code: 'INVALID_REQUEST', details: { detail: error.message } }
    : { code: 'INTERNAL', details: {} }
}

function isOurs(code: string): code is ProblemCode {
  return ourCodes.has(code)
}
