import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listenOnLoopback, type ListeningServer } from '../loopback-server.ts'
import { decodeProto, encodeProto } from './protobuf.ts'
import { readBody } from '../read-body.ts'
import type { GoogleSubscription, GoogleSubscriptions } from './subscriptions.ts'

export interface CheckinServerOptions {
  readonly subscriptions: GoogleSubscriptions
  readonly onRegistered: (subscription: GoogleSubscription) => void
  readonly onUnregistered: (subscription: GoogleSubscription) => void
}

/**
 * Google's checkin (protobuf) and registration (form) endpoints over plain HTTP, as Chromium's
 * `--gcm-checkin-url` and `--gcm-registration-url` reach them.
 */
export function startCheckinServer(options: CheckinServerOptions): Promise<ListeningServer> {
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })
  return listenOnLoopback(server)
}

async function answer(
  options: CheckinServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request)
  if (request.url === '/checkin') {
    response.writeHead(200, { 'content-type': 'application/x-protobuffer' }).end(checkin(body))
    return
  }
  const form = new URLSearchParams(body.toString('utf8'))
  response.writeHead(200, { 'content-type': 'text/plain' }).end(register(options, form))
}

/**
 * AndroidCheckinRequest {id = 2, security_token = 13} -> AndroidCheckinResponse {stats_ok = 1,
 * time_msec = 3, android_id = 7, security_token = 8, settings_diff = 9}. A browser that has an
 * identity keeps it; a new one is given one.
 */
function checkin(body: Buffer): Buffer {
  const request = decodeProto(body)
  // Both are 0 the first time; a security token of 0 in the answer fails the checkin.
  const known = request.int(2) ?? 0n
  const secret = request.int(13) ?? 0n
  const androidId = known === 0n ? randomId() : known
  const securityToken = secret === 0n ? randomId() : secret
  return encodeProto([
    { field: 1, value: { varint: 1 } },
    { field: 3, value: { varint: Date.now() } },
    { field: 7, value: { fixed64: androidId } },
    { field: 8, value: { fixed64: securityToken } },
    { field: 9, value: { varint: 0 } },
  ])
}

/** `delete=true` unregisters the subtype; anything else registers it. */
function register(options: CheckinServerOptions, form: URLSearchParams): string {
  const app = form.get('app') ?? ''
  const subtype = form.get('X-subtype') ?? app
  const androidId = form.get('device') ?? ''
  if (form.get('delete') === 'true') {
    const gone = options.subscriptions.unregister(androidId, subtype)
    for (const subscription of gone) options.onUnregistered(subscription)
    return `token=${subtype}`
  }
  const subscription = options.subscriptions.register({
    androidId,
    subtype,
    app,
    sender: form.get('sender') ?? '',
  })
  options.onRegistered(subscription)
  return `token=${subscription.token}`
}

/** Positive as a signed 64-bit number, and never 0. */
function randomId(): bigint {
  return (randomBytes(8).readBigUInt64LE() >> 1n) | 1n
}
