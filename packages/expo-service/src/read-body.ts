import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { Refusal } from './request-errors.ts'

const unzip = promisify(gunzip)

/** Far above 100 messages, also when all of them are too big. */
const enoughBytes = 4 * 1024 * 1024

/** The bytes as received. Stops a little above 4 MiB. Undefined when the sender hung up. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      if (!Buffer.isBuffer(chunk)) continue
      chunks.push(chunk)
      size += chunk.length
      if (size > enoughBytes) break
    }
  } catch {
    // ECONNRESET from the sender: the caller has nobody to answer.
    return undefined
  }
  return Buffer.concat(chunks)
}

/** The JSON in a body, plain or gzip. */
export async function decodeBody(
  body: Buffer,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly json: unknown } | Refusal> {
  if (body.length > enoughBytes) return tooLarge
  const type = headers['content-type'] ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    return invalid(`Content-Type must be application/json, got "${type}"`)
  }
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding !== 'gzip' && encoding !== 'identity') {
    return invalid(`Content-Encoding must be gzip or none, got "${encoding}"`)
  }
  let plain = body
  try {
    if (encoding === 'gzip') plain = await unzip(body, { maxOutputLength: enoughBytes })
  } catch (error) {
    const grew = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    return grew ? tooLarge : invalid('the body is not gzip, as its Content-Encoding says')
  }
  try {
    return { json: JSON.parse(plain.toString('utf8')) }
  } catch {
    return invalid('the body is not JSON')
  }
}

const tooLarge: Refusal = {
  code: 'PAYLOAD_TOO_LARGE',
  message: `the body is larger than ${enoughBytes} bytes`,
}

function invalid(message: string): Refusal {
  return { code: 'VALIDATION_ERROR', message }
}
