import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { encryptPush, type PushKeys } from './encrypt-push.ts'
import { readBody } from './read-body.ts'

/** `PushSubscription.toJSON()`. */
export interface BrowserSubscription {
  readonly endpoint: string
  readonly keys: PushKeys
}

interface SendOptions {
  readonly ttlSeconds?: number
  readonly topic?: string
  readonly urgency?: string
}

export interface PushSenderOptions {
  /** PEM to trust, for https endpoints. */
  readonly ca?: string
  /** The loopback port to dial whatever host the endpoint names. */
  readonly dialPort?: number
}

export interface PushSender {
  /** base64url, for `applicationServerKey`. */
  readonly publicKey: string
  readonly send: (
    subscription: BrowserSubscription,
    payload: string,
    options?: SendOptions,
  ) => Promise<{ readonly status: number; readonly body: string }>
}

/** The least application server there is (RFC 8030, 8291, 8292), to try the rig without a product. */
export function createPushSender(options: PushSenderOptions = {}): PushSender {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = publicKey.export({ format: 'jwk' })
  const point = [Buffer.of(4), coordinate(jwk.x), coordinate(jwk.y)]
  const key = Buffer.concat(point).toString('base64url')
  return {
    publicKey: key,
    send: async (subscription, payload, send = {}) => {
      const url = new URL(subscription.endpoint)
      const body = encryptPush(payload, subscription.keys)
      const headers = {
        authorization: `vapid t=${token(privateKey, url.origin)}, k=${key}`,
        'content-encoding': 'aes128gcm',
        'content-length': body.length,
        ttl: send.ttlSeconds ?? 60,
        urgency: send.urgency ?? 'high',
        host: url.host,
        ...(send.topic === undefined ? {} : { topic: send.topic }),
      }
      const dialed = {
        method: 'POST',
        path: url.pathname + url.search,
        host: options.dialPort === undefined ? url.hostname : '127.0.0.1',
        port: options.dialPort ?? url.port,
        headers,
      }
      const secure = { ...dialed, ca: options.ca, servername: url.hostname }
      const request = url.protocol === 'https:' ? httpsRequest(secure) : httpRequest(dialed)
      const answer = answerTo(once(request, 'response'))
      request.end(body)
      const response = await answer
      const text = (await readBody(response)).toString('utf8')
      return { status: response.statusCode ?? 0, body: text }
    },
  }
}

async function answerTo(responded: Promise<IncomingMessage[]>): Promise<IncomingMessage> {
  const [response] = await responded
  if (response === undefined) throw new Error('the request ended without an answer')
  return response
}

function token(privateKey: KeyObject, audience: string): string {
  const expiry = Math.floor(Date.now() / 1000) + 3600
  const claims = { aud: audience, exp: expiry, sub: 'mailto:rig@example.com' }
  const unsigned = [{ typ: 'JWT', alg: 'ES256' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const signing = { key: privateKey, dsaEncoding: 'ieee-p1363' as const }
  return `${unsigned}.${sign('sha256', Buffer.from(unsigned), signing).toString('base64url')}`
}

function coordinate(value: string | undefined): Buffer {
  return Buffer.from(value ?? '', 'base64url')
}
