import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { problemBody, type ProblemCode } from './problem.ts'

/** What Node says of a request that it could not read; anything else is not HTTP. */
const nodeCodes: ReadonlyMap<string, ProblemCode> = new Map([
  ['HPE_HEADER_OVERFLOW', 'HEAD_TOO_LARGE'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 'REQUEST_TOO_SLOW'],
])

/**
 * Answers what never became a request (a broken request line, two lengths, a head beyond 16 KiB, a
 * sender who stalls) as any other error, and ends the connection: where the next request on it would
 * begin, nobody knows (RFC 9112 §6.3).
 */
export function onClientError(error: Error & { code?: string }, socket: Socket): void {
  // Whoever has left hears nothing.
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, body } = problemBody(nodeCodes.get(error.code ?? '') ?? 'MALFORMED_REQUEST')
  const text = JSON.stringify(body)
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(text)}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy())
}
