import type { IncomingMessage, ServerResponse } from 'node:http'
import { answers, type Answer, type AnswerName } from './answers.ts'
import { checkPush, type PushVerdict } from './check-push.ts'
import { errorBody } from './error-body.ts'
import type { PushHub } from './push-hub.ts'
import type { SenderRequest } from './push-service-event.ts'
import { giveScriptedAnswer } from './give-scripted-answer.ts'
import type { ScriptedAnswers } from './scripted-answers.ts'
import { readBody } from './read-body.ts'
import type { EndpointRecord } from './subscriptions.ts'

/** Serves RFC 8030 to senders: POST to an endpoint, DELETE of a Location. */
export function serveSenders(hub: PushHub, script: ScriptedAnswers) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path = ''] = (request.url ?? '').split('?')
    const body = await readBody(request)
    // The sender hung up in the middle: there is nobody to answer.
    if (body === undefined) return
    if (/^\/wpush\/v\d+\/[^/]+$/.test(path)) {
      if (request.method !== 'POST') return respond(response, 'endpoint-method')
      return push(hub, script, { request, response, path, body })
    }
    const version = /^\/m\/([^/]+)$/.exec(path)?.[1]
    if (version === undefined) return respond(response, 'unknown-path')
    if (request.method !== 'DELETE') return respond(response, 'message-method')
    const stored = hub.withdraw(version)
    hub.recorder.record({ type: 'withdraw', version, stored, at: hub.now() })
    return respond(response, 'withdrawn')
  }
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly path: string
  readonly body: Buffer
}

async function push(hub: PushHub, script: ScriptedAnswers, exchange: Exchange): Promise<void> {
  const { request, response, path, body } = exchange
  const sent: SenderRequest = {
    endpoint: hub.origin + path,
    endpointToken: path.slice(path.lastIndexOf('/') + 1),
    headers: flattenHeaders(request),
    body,
    receivedAt: hub.now(),
  }
  const scripted = script.take(sent.endpoint)
  if (scripted !== undefined && scripted.kind !== 'hold') {
    const status = giveScriptedAnswer(response, scripted)
    const { kind } = scripted
    hub.recorder.record({
      type: 'scripted',
      ...sent,
      kind,
      ...(status === undefined ? {} : { status }),
    })
    return
  }
  const record = hub.subscriptions.find(path)
  const verdict: PushVerdict =
    record === undefined
      ? { refusal: 'unknown-endpoint' }
      : checkPush({
          headers: sent.headers,
          bodyBytes: body.length,
          keyHash: record.keyHash,
          subscribed: hub.subscriptions.isSubscribed(record),
          audience: hub.origin,
          now: sent.receivedAt,
        })
  if ('refusal' in verdict || record === undefined) {
    const name = 'refusal' in verdict ? verdict.refusal : 'unknown-endpoint'
    const answer: Answer = answers[name]
    const { status, errno } = answer
    hub.recorder.record({
      type: 'refused',
      ...sent,
      status,
      ...(errno === undefined ? {} : { errno }),
    })
    if (scripted !== undefined) await scripted.until
    return respond(response, name)
  }
  const version = accept(hub, { sent, record, ...verdict })
  if (scripted !== undefined) await scripted.until
  respond(response, 'accepted', {
    location: `${hub.origin}/m/${version}`,
    ttl: String(verdict.ttlSeconds),
  })
}

function accept(
  hub: PushHub,
  options: {
    readonly sent: SenderRequest
    readonly record: EndpointRecord
    readonly ttlSeconds: number
    readonly topic: string | undefined
  },
): string {
  const { sent, ttlSeconds, topic } = options
  const { uaid, channelId } = options.record
  const urgency = sent.headers['urgency']
  const version = hub.newVersion({ uaid, channelId, topic })
  hub.recorder.record({
    type: 'push',
    ...sent,
    version,
    uaid,
    channelId,
    ttl: ttlSeconds,
    urgency,
    topic,
  })
  hub.accept({
    version,
    uaid,
    channelId,
    ttlSeconds,
    topic,
    urgency,
    body: sent.body,
    encryptionHeaders: encryptionHeaders(sent),
    receivedAt: sent.receivedAt,
  })
  return version
}

/** What the browser is told besides the body; `encryption` and `crypto_key` only exist for aesgcm. */
function encryptionHeaders({ headers, body }: SenderRequest): Record<string, string> {
  if (body.length === 0) return {}
  const named = {
    encoding: headers['content-encoding'],
    encryption: headers['encryption'],
    crypto_key: headers['crypto-key'],
  }
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

function respond(
  response: ServerResponse,
  name: AnswerName,
  headers: Readonly<Record<string, string>> = {},
): void {
  const answer: Answer = answers[name]
  const body = errorBody(answer)
  response.writeHead(answer.status, {
    ...answer.headers,
    ...headers,
    ...(body === '' ? {} : { 'content-type': 'application/json' }),
    // RFC 9110 section 8.6: a 204 has no Content-Length.
    ...(answer.status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }),
  })
  response.end(body)
}

function flattenHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values]) => [
      name,
      (values ?? []).join(', '),
    ]),
  )
}
