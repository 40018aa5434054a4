import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { InvalidOptionError } from './errors.ts'
import type { PushServiceOptions } from './push-service.ts'
import type { serveSenders } from './http-front.ts'

type Handler = ReturnType<typeof serveSenders>

/** The ports of a push service. */
export interface Listeners {
  /** Where browsers upgrade to WebSocket; the senders' own server unless that one speaks TLS. */
  readonly browsers: Server
  /** `host:port` for senders. */
  readonly endpointHost: string
  /** `host:port` for browsers. */
  readonly webSocketHost: string
  /** Requests before this call are not answered: the origin to check them against needs the port first. */
  handleWith(handler: Handler): void
  /** Ends every HTTP connection, also those that a scripted answer keeps open. */
  close(): Promise<void>
}

/** Listens for senders and browsers, on one port or, with `tls`, on two. Rejects with Node's listen errors. */
export async function openListeners(
  options: Pick<PushServiceOptions, 'host' | 'port' | 'tls' | 'webSocketPort'>,
): Promise<Listeners> {
  const { host = '127.0.0.1', port = 0, tls, webSocketPort = 0 } = options
  let handle: Handler | undefined
  const listener: RequestListener = (request, response) => {
    handle?.(request, response).catch((error: unknown) => response.destroy(asError(error)))
  }
  const senders: Server = tls ? createSecureServer(tls, listener) : createServer(listener)
  const endpointHost = await listen(senders, { host, port })
  const handleWith = (handler: Handler) => {
    handle = handler
  }
  if (!tls) {
    const close = () => stop(senders)
    return { browsers: senders, endpointHost, webSocketHost: endpointHost, handleWith, close }
  }
  const browsers = createServer(listener)
  try {
    const webSocketHost = await listen(browsers, { host, port: webSocketPort })
    const close = async () => {
      await Promise.all([stop(senders), stop(browsers)])
    }
    return { browsers, endpointHost, webSocketHost, handleWith, close }
  } catch (error) {
    await stop(senders)
    throw error
  }
}

async function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') {
    throw new InvalidOptionError(`host must be a network address, got "${host}"`)
  }
  return `${host.includes(':') ? `[${host}]` : host}:${address.port}`
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // Also what a scripted answer keeps open.
  server.closeAllConnections()
  await closed
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
