import type { ServerResponse } from 'node:http'
import { answers, type Answer } from './answers.ts'
import { errorBody } from './error-body.ts'
import type { ScriptedAnswer } from './scripted-answers.ts'

/** Gives a test's answer. Returns its status; undefined when the sender gets none. */
export function giveScriptedAnswer(
  response: ServerResponse,
  script: Exclude<ScriptedAnswer, { kind: 'hold' }>,
): number | undefined {
  switch (script.kind) {
    case 'status': {
      const { status, retryAfter, headers } = script
      const body = script.body ?? errorBody({ status, message: `Scripted answer ${status}` })
      response.writeHead(status, {
        ...(script.body === undefined ? { 'content-type': 'application/json' } : {}),
        ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
        ...headers,
      })
      // Bodies are forbidden with these; Node would complain.
      response.end(status === 204 || status === 304 ? undefined : body)
      return status
    }
    case 'named': {
      const answer: Answer = answers[script.name]
      response.writeHead(answer.status, answer.headers)
      response.end(errorBody(answer))
      return answer.status
    }
    case 'redirect': {
      const { status = 307, location } = script
      response.writeHead(status, { location, 'content-length': 0 })
      response.end()
      return status
    }
    case 'drip': {
      response.writeHead(201)
      const timer = setInterval(() => response.write('.'), script.everyMs ?? 100)
      response.once('close', () => clearInterval(timer))
      response.flushHeaders()
      return 201
    }
    case 'reset':
      response.socket?.resetAndDestroy()
      return undefined
    case 'never':
      return undefined
  }
}
