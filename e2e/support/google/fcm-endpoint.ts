import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { listenOnLoopback, type ListeningServer } from '../loopback-server.ts'
import { readBody } from '../read-body.ts'
import type { GoogleMessage, GoogleSubscriptions } from './subscriptions.ts'
import { checkVapid } from './vapid-check.ts'

/** RFC 8030 §7.2: a push service accepts at least this much, and FCM no more. */
const MAX_BODY_BYTES = 4096

/** One request of a sender and what it was told. */
export interface ReceivedPush {
  readonly token: string
  readonly status: number
  readonly ttlSeconds: number | undefined
  readonly urgency: string | undefined
  readonly topic: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** An answer to give instead of the true one. */
export interface CannedAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface FcmEndpointOptions {
  readonly certificate: string
  readonly key: string
  readonly subscriptions: GoogleSubscriptions
  readonly online: (androidId: string) => boolean
  /** The canned answer for this request, if the test has ordered one. */
  readonly nextAnswer: (token: string) => CannedAnswer | undefined
  readonly onMessage: (message: GoogleMessage) => void
  readonly onPush: (push: ReceivedPush) => void
}

/** The HTTPS side that application servers post to, as `fcm.googleapis.com` answers. */
export function startFcmEndpoint(options: FcmEndpointOptions): Promise<ListeningServer> {
  const { key, certificate: cert } = options
  const server = createServer({ key, cert }, (request, response) => {
    handle(options, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })
  return listenOnLoopback(server)
}

async function handle(
  options: FcmEndpointOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request)
  const token = /^\/(?:fcm\/send|wp|preprod\/wp)\/([^/?]+)$/.exec(request.url ?? '')?.[1] ?? ''
  const { answer, message } = answerFor(options, { request, token, body })
  options.onPush({
    token,
    status: answer.status,
    ttlSeconds: ttlSeconds(request),
    urgency: header(request, 'urgency'),
    topic: header(request, 'topic'),
    headers: request.headers,
    body,
  })
  if (message !== undefined) options.onMessage(message)
  response.writeHead(answer.status, answer.headers).end(answer.body)
}

interface PushRequest {
  readonly request: IncomingMessage
  readonly token: string
  readonly body: Buffer
}

function answerFor(
  options: FcmEndpointOptions,
  push: PushRequest,
): { readonly answer: CannedAnswer; readonly message?: GoogleMessage } {
  const refusal = options.nextAnswer(push.token) ?? refuse(options, push)
  if (refusal !== undefined) return { answer: refusal }
  const subscription = options.subscriptions.find(push.token)
  const online = typeof subscription === 'object' && options.online(subscription.androidId)
  const message = options.subscriptions.accept(
    {
      token: push.token,
      body: push.body,
      contentEncoding: header(push.request, 'content-encoding'),
      topic: header(push.request, 'topic'),
      ttlSeconds: ttlSeconds(push.request) ?? 0,
      sentAtMs: Date.now(),
    },
    online,
  )
  const origin = `https://${push.request.headers.host ?? ''}`
  const location = `${origin}/message/${encodeURIComponent(message?.persistentId ?? '')}`
  const answer = { status: 201, headers: { location } }
  return online && message !== undefined ? { answer, message } : { answer }
}

function refuse(options: FcmEndpointOptions, push: PushRequest): CannedAnswer | undefined {
  const { request, token, body } = push
  if (request.method !== 'POST') return { status: 405, headers: { allow: 'POST' } }
  const subscription = options.subscriptions.find(token)
  if (subscription === undefined) {
    return {
      status: 404,
      body: 'A valid push subscription endpoint should be specified in the URL',
    }
  }
  if (subscription === 'gone') {
    return { status: 410, body: 'push subscription has unsubscribed or expired.\n' }
  }
  const fault = checkVapid(request.headers.authorization, {
    sender: subscription.sender,
    audience: `https://${request.headers.host ?? ''}`,
    nowMs: Date.now(),
  })
  if (fault !== undefined) return { status: fault.status, body: fault.reason }
  if (ttlSeconds(request) === undefined) return { status: 400, body: 'TTL header is required' }
  if (body.length > MAX_BODY_BYTES) return { status: 413, body: 'payload too large' }
  if (body.length > 0 && header(request, 'content-encoding') !== 'aes128gcm') {
    return { status: 400, body: 'content-encoding must be aes128gcm' }
  }
  const topic = header(request, 'topic')
  const topicOk = topic === undefined || /^[\w-]{1,32}$/.test(topic)
  return topicOk ? undefined : { status: 400, body: 'invalid topic' }
}

function ttlSeconds(request: IncomingMessage): number | undefined {
  const value = header(request, 'ttl')
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}
