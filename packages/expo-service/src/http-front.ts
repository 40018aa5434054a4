import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Endpoint } from './expo-service-event.ts'
import { giveScriptedAnswer, shorten } from './give-scripted-answer.ts'
import { getReceipts, send, type DataJson, type PushHub } from './push-hub.ts'
import { decodeBody, readBody } from './read-body.ts'
import { tokensIn } from './read-messages.ts'
import type { Refusal } from './request-errors.ts'
import { refuse, respondJson } from './respond.ts'

/** Serves Expo's two addresses under any prefix. */
export function serveSenders(hub: PushHub, options: { readonly accessToken: string | undefined }) {
  let count = 0
  let inFlight = 0
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path = ''] = (request.url ?? '').split('?')
    const endpoint = endpointOf(path)
    if (endpoint === undefined) {
      refuse(response, { code: 'NOT_FOUND', message: `there is no ${path}` })
      return
    }
    if (request.method !== 'POST') {
      refuse(response, { code: 'METHOD_NOT_ALLOWED', message: `${endpoint} takes POST only` })
      return
    }
    count += 1
    inFlight += 1
    response.once('close', () => {
      inFlight -= 1
    })
    await answer(hub, {
      request,
      response,
      endpoint,
      number: count,
      inFlight: () => inFlight,
      accessToken: options.accessToken,
    })
  }
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly endpoint: Endpoint
  readonly number: number
  readonly inFlight: () => number
  readonly accessToken: string | undefined
}

async function answer(hub: PushHub, exchange: Exchange): Promise<void> {
  const { request, response, endpoint, number } = exchange
  if (hub.script.takeResetBeforeBody(endpoint)) {
    response.socket?.resetAndDestroy()
    recordScripted(hub, exchange, { kind: 'reset' })
    return
  }
  const body = await readBody(request)
  // The sender hung up in the middle: there is nobody to answer.
  if (body === undefined) return
  const headers = flattenHeaders(request)
  const read = await decodeBody(body, headers)
  const json = 'json' in read ? read.json : undefined
  hub.recorder.record({
    type: 'request',
    request: number,
    endpoint,
    headers,
    bodyBytes: body.length,
    json,
    inFlight: exchange.inFlight(),
    at: hub.now(),
  })
  const honest = (): { data: DataJson } | Refusal => {
    const unauthorized = checkAccessToken(headers['authorization'], exchange.accessToken)
    if (unauthorized !== undefined) return unauthorized
    if ('code' in read) return read
    return endpoint === 'send' ? send(hub, json, number) : getReceipts(hub, json, number)
  }
  const scripted = hub.script.takeForRequest(endpoint, tokensIn(json))
  if (scripted === undefined) return give(hub, exchange, honest())
  switch (scripted.kind) {
    case 'hold': {
      const held = honest()
      await scripted.until
      return give(hub, exchange, held)
    }
    case 'short': {
      const shortened = shorten(honest(), scripted.missing ?? 1)
      recordScripted(hub, exchange, { kind: scripted.kind, status: 200 })
      return give(hub, exchange, shortened)
    }
    default: {
      if ('accept' in scripted && scripted.accept === true) honest()
      const status = giveScriptedAnswer(response, scripted)
      recordScripted(hub, exchange, { kind: scripted.kind, status })
    }
  }
}

function give(hub: PushHub, exchange: Exchange, honest: { data: unknown } | Refusal): void {
  const { response, endpoint, number } = exchange
  if (!('code' in honest)) return respondJson(response, honest)
  const status = refuse(response, honest)
  const { code, message } = honest
  hub.recorder.record({
    type: 'refused',
    endpoint,
    status,
    code,
    message,
    request: number,
    at: hub.now(),
  })
}

function recordScripted(
  hub: PushHub,
  { endpoint, number }: Exchange,
  { kind, status }: { readonly kind: string; readonly status?: number | undefined },
): void {
  hub.recorder.record({
    type: 'scripted',
    kind,
    endpoint,
    ...(status === undefined ? {} : { status }),
    request: number,
    at: hub.now(),
  })
}

/** `EXPO_PUSH_URL` is a base; whatever stands before the last segment is its own. */
function endpointOf(path: string): Endpoint | undefined {
  if (path.endsWith('/send')) return 'send'
  return path.endsWith('/getReceipts') ? 'getReceipts' : undefined
}

function checkAccessToken(
  authorization: string | undefined,
  accessToken: string | undefined,
): Refusal | undefined {
  if (accessToken === undefined || authorization === `Bearer ${accessToken}`) return undefined
  const what = authorization === undefined ? 'is missing' : 'is invalid'
  return { code: 'UNAUTHORIZED', message: `The access token ${what}.` }
}

function flattenHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values]) => [
      name,
      (values ?? []).join(', '),
    ]),
  )
}
