import { createServer, type ServerOptions } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'
import { cert, key } from './tls/index.ts'

/** One request as the service saw it. */
interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly servername: string
  readonly body: Buffer
}

export type Behaviour = (request: SeenRequest, response: ServerResponse) => void

export interface LoopbackPushService {
  readonly port: number
  readonly requests: readonly SeenRequest[]
  readonly connections: () => number
  /** Resolves once `count` requests have arrived. */
  arrived(count: number): Promise<void>
}

/** A real HTTPS server on loopback that answers as the test says; closed with the test. */
export async function startPushService(
  behaviour: Behaviour,
  tls: ServerOptions = { cert, key },
): Promise<LoopbackPushService> {
  const requests: SeenRequest[] = []
  const sockets = new Set<TLSSocket>()
  const waiters = new Set<{ readonly count: number; readonly resolve: () => void }>()
  let connections = 0

  const server = createServer({ ...tls, keepAliveTimeout: 60_000 }, (request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { method = '', url = '', headers, socket } = request
      const servername = 'servername' in socket ? String(socket.servername) : ''
      const seen = { method, url, headers, servername, body: Buffer.concat(parts) }
      requests.push(seen)
      for (const waiter of waiters) if (requests.length >= waiter.count) waiter.resolve()
      behaviour(seen, response)
    })
  })
  server.on('secureConnection', (socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })

  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    requests,
    connections: () => connections,
    arrived: (count) =>
      requests.length >= count
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiters.add({ count, resolve })
          }),
  }
}
