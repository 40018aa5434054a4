import { once } from 'node:events'
import type { Server, Socket } from 'node:net'

export interface ListeningServer {
  readonly port: number
  /** Stops listening and cuts every connection. */
  readonly close: () => Promise<void>
}

/** Lets a TCP, TLS or HTTP server listen on a free loopback port. */
export async function listenOnLoopback(server: Server): Promise<ListeningServer> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    port: address.port,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
