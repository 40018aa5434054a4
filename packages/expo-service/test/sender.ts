import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'
import { startExpoService, type ExpoService, type ExpoServiceOptions } from '../src/index.ts'

/** A service that ends with the test. */
export async function openService(options: ExpoServiceOptions = {}): Promise<ExpoService> {
  const service = await startExpoService(options)
  onTestFinished(() => service.close())
  return service
}

/** A clock that stands still until it is told otherwise. */
export function fakeClock(start = Date.parse('2026-03-01T12:00:00Z')) {
  let time = start
  return {
    now: () => time,
    pass(ms: number) {
      time += ms
    },
  }
}

export interface RawResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The body as JSON, undefined when it is none. */
  readonly json: unknown
}

/** One plain HTTP request on its own connection. Independent of the code under test. */
export function sendRaw(
  url: string,
  options: {
    readonly method?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string | Uint8Array
  } = {},
): Promise<RawResponse> {
  const { method = 'POST', headers = {}, body = '' } = options
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, {
      method,
      headers: {
        'content-type': 'application/json',
        ...headers,
        'content-length': Buffer.byteLength(body),
      },
      agent: false,
    })
    request.on('error', reject)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const plain = response.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
        const text = plain.toString('utf8')
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: parse(text),
        })
      })
    })
    request.end(body)
  })
}

/** Posts JSON to one of the service's two addresses. */
export function post(
  { url }: ExpoService,
  endpoint: 'send' | 'getReceipts',
  json: unknown,
): Promise<RawResponse> {
  return sendRaw(`${url}/${endpoint}`, { body: JSON.stringify(json) })
}

/** The ids of the tickets in an answer, which all have to be ok. */
export function ticketIds({ json }: RawResponse): string[] {
  const text = JSON.stringify(json)
  const ids = [...text.matchAll(/\{"status":"ok","id":"([^"]+)"\}/g)].map(([, id = '']) => id)
  if (ids.length !== [...text.matchAll(/"status"/g)].length || ids.length === 0) {
    throw new Error(`not only ok tickets: ${text}`)
  }
  return ids
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
