import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'
import { createExpoSender, type ExpoSender } from '../src/index.ts'
import type { ExpoSenderOptions } from '../src/index.ts'

/** One request as it came over the wire. */
export interface WireRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  /** As sent, decompressed. */
  readonly text: string
}

export type WireBehaviour = (request: WireRequest, response: ServerResponse) => void

export interface LoopbackExpo {
  readonly port: number
  readonly requests: readonly WireRequest[]
  /** Resolves once `count` requests have arrived. */
  arrived(count: number): Promise<void>
  stop(): Promise<void>
}

/** A real HTTP server on loopback that answers as the test says; closed with the test. */
export async function startExpo(behave: WireBehaviour): Promise<LoopbackExpo> {
  const requests: WireRequest[] = []
  const sockets = new Set<Socket>()
  const waiters = new Set<{ readonly count: number; readonly resolve: () => void }>()

  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const body = Buffer.concat(parts)
      const isGzipped = headers['content-encoding'] === 'gzip'
      const seen = { method, url, headers, text: String(isGzipped ? gunzipSync(body) : body) }
      requests.push(seen)
      for (const waiter of waiters) if (requests.length >= waiter.count) waiter.resolve()
      behave(seen, response)
    })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  onTestFinished(stop)
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    requests,
    stop,
    arrived: (count) =>
      requests.length >= count
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiters.add({ count, resolve })
          }),
  }
}

/** A sender with Node's own `fetch`, clock and timers; closed with the test. */
export function startWireSender(
  port: number,
  options: Partial<ExpoSenderOptions> = {},
): ExpoSender {
  const baseUrl = `http://127.0.0.1:${port}/--/api/v2/push`
  const { now } = Date
  const sender = createExpoSender({ baseUrl, fetch, now, random: Math.random, ...options })
  onTestFinished(() => sender.close())
  return sender
}
