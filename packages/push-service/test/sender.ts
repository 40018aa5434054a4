import {
  createCipheriv,
  createECDH,
  createPrivateKey,
  hkdfSync,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'

/** A sender's VAPID identity, and the requests it makes. Independent of the code under test. */
export interface Sender {
  /** base64url, 65 bytes. */
  readonly publicKey: string
  token(claims: Record<string, unknown>, header?: Record<string, unknown>): string
}

export function createSender(): Sender {
  const ecdh = createECDH('prime256v1')
  const point = ecdh.generateKeys()
  const key: KeyObject = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
      d: ecdh.getPrivateKey().toString('base64url').padStart(43, 'A'),
    },
  })
  return {
    publicKey: point.toString('base64url'),
    token(claims, header = { typ: 'JWT', alg: 'ES256' }) {
      const input = `${encodeJson(header)}.${encodeJson(claims)}`
      const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
      return `${input}.${signature.toString('base64url')}`
    },
  }
}

/** RFC 8291, one record. */
export function encrypt(plaintext: string, keys: { p256dh: string; auth: string }): Buffer {
  const receiver = Buffer.from(keys.p256dh, 'base64url')
  const ecdh = createECDH('prime256v1')
  const senderKey = ecdh.generateKeys()
  const salt = randomBytes(16)
  const secret = ecdh.computeSecret(receiver)
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), receiver, senderKey])
  const auth = Buffer.from(keys.auth, 'base64url')
  const ikm = Buffer.from(hkdfSync('sha256', secret, auth, info, 32))
  const cek = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: aes128gcm\0', 16))
  const nonce = Buffer.from(hkdfSync('sha256', ikm, salt, 'Content-Encoding: nonce\0', 12))
  const cipher = createCipheriv('aes-128-gcm', cek, nonce)
  const head = Buffer.from([0, 0, 16, 0, 65])
  const record = [cipher.update(plaintext), cipher.update(Buffer.from([2])), cipher.final()]
  return Buffer.concat([salt, head, senderKey, ...record, cipher.getAuthTag()])
}

export interface RawResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** One plain HTTP request on its own connection, with exactly these headers. */
export function sendRaw(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: Uint8Array } = {},
): Promise<RawResponse> {
  const { method = 'POST', headers = {}, body = new Uint8Array() } = options
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, {
      method,
      headers: { ...headers, 'content-length': body.length },
      agent: false,
    })
    request.on('error', reject)
    request.on('response', (response) => {
      response.setEncoding('utf8')
      let text = ''
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      )
    })
    request.end(body)
  })
}

function encodeJson(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
