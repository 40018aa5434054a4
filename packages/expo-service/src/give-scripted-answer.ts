import type { ServerResponse } from 'node:http'
import type { DataJson } from './push-hub.ts'
import { errorsJson, type Refusal } from './request-errors.ts'
import { refuse, respondJson } from './respond.ts'
import type { RequestAnswer } from './scripted-answers.ts'

const page =
  '<!doctype html><title>Welcome</title><p>Please accept the terms of this network.</p>\n'

/** Gives a test's answer to a whole request. Returns its status; undefined when the sender gets none. */
export function giveScriptedAnswer(
  response: ServerResponse,
  script: Exclude<RequestAnswer, { kind: 'hold' | 'short' }>,
): number | undefined {
  switch (script.kind) {
    case 'status':
      return giveStatus(response, script)
    case 'named':
      return refuse(response, { code: script.code, message: `Scripted answer ${script.code}` })
    case 'html': {
      const { status = 200 } = script
      response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
      response.end(page)
      return status
    }
    case 'data':
      respondJson(response, { data: script.data })
      return 200
    case 'redirect': {
      const { status = 307, location } = script
      response.writeHead(status, { location, 'content-length': 0 })
      response.end()
      return status
    }
    case 'drip': {
      // White space, as JSON may begin with: a reader that waits for the end waits for ever.
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
      const timer = setInterval(() => response.write(' '), script.everyMs ?? 100)
      response.once('close', () => clearInterval(timer))
      response.flushHeaders()
      return 200
    }
    case 'reset':
      response.socket?.resetAndDestroy()
      return undefined
    case 'never':
      return undefined
  }
}

function giveStatus(
  response: ServerResponse,
  script: Extract<RequestAnswer, { kind: 'status' }>,
): number {
  const { status, retryAfter, headers } = script
  const code = status >= 500 ? 'INTERNAL_SERVER_ERROR' : 'API_ERROR'
  const body =
    script.body ?? JSON.stringify(errorsJson({ code, message: `Scripted answer ${status}` }))
  response.writeHead(status, {
    ...(script.body === undefined ? { 'content-type': 'application/json; charset=utf-8' } : {}),
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    ...headers,
  })
  // Bodies are forbidden with these; Node would complain.
  response.end(status === 204 || status === 304 ? undefined : body)
  return status
}

/** The honest answer with its last tickets or receipts missing. */
export function shorten(honest: { data: DataJson } | Refusal, missing: number) {
  if ('code' in honest) return honest
  const { data } = honest
  if (isList(data)) return { data: data.slice(0, -missing) }
  // The one ticket of a single message has no shorter form than none at all.
  if ('status' in data) return { data: [] }
  return { data: Object.fromEntries(Object.entries(data).slice(0, -missing)) }
}

function isList(data: DataJson): data is Extract<DataJson, readonly unknown[]> {
  return Array.isArray(data)
}
