import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { InvalidOptionError } from './errors.ts'

/** A listening HTTP server. */
export interface Listener {
  /** Without a path. */
  readonly origin: string
  /** Ends every connection, also those that a scripted answer keeps open. */
  close(): Promise<void>
}

/** Listens on a port. Rejects with Node's listen errors, for instance EADDRINUSE. */
export async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listener> {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(asError(error)))
  })
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') {
    throw new InvalidOptionError(`host must be a network address, got "${host}"`)
  }
  return {
    origin: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
