import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { errorsJson, requestErrors, type Refusal } from './request-errors.ts'

/** Below it compression costs more than it saves. */
const worthCompressing = 1024

/** Answers with JSON, compressed when it is long and the asker takes it. */
export function respondJson(
  response: ServerResponse,
  json: unknown,
  options: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): void {
  const plain = Buffer.from(JSON.stringify(json))
  const takesGzip = /\bgzip\b/.test(response.req.headers['accept-encoding'] ?? '')
  const compress = takesGzip && plain.length > worthCompressing
  const body = compress ? gzipSync(plain) : plain
  response.writeHead(options.status ?? 200, {
    'content-type': 'application/json; charset=utf-8',
    ...(compress ? { 'content-encoding': 'gzip' } : {}),
    'content-length': body.length,
    ...options.headers,
  })
  response.end(body)
}

/** Answers with Expo's error JSON. Returns the status. */
export function refuse(response: ServerResponse, refusal: Refusal): number {
  const status = requestErrors[refusal.code]
  const { retryAfter } = refusal
  respondJson(response, errorsJson(refusal), {
    status,
    headers: {
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
      ...(status === 405 ? { allow: 'POST' } : {}),
      // What is left of such a body was not read.
      ...(status === 413 ? { connection: 'close' } : {}),
    },
  })
  return status
}
