import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { listenOnLoopback } from './loopback-server.ts'

/** One address in front of several servers, as a proxy is in production. */
export interface Balancer {
  readonly port: number
  /** From now on that port of this machine takes its turn. */
  readonly add: (port: number) => void
  /** How many connections each has taken, in the order in which they were added. */
  readonly taken: () => readonly number[]
  /** Cuts every connection. */
  readonly close: () => Promise<void>
}

/**
 * Each connection goes to the server whose turn it is; one that refuses is passed over. A server that
 * dies takes its connections with it, and nothing else.
 */
export async function startBalancer(): Promise<Balancer> {
  const servers: { readonly port: number; taken: number }[] = []
  let turn = 0

  const next = async (): Promise<Socket | undefined> => {
    const first = turn++
    for (let offset = 0; offset < servers.length; offset += 1) {
      const server = servers[(first + offset) % servers.length]
      const upstream = server && (await open(server.port))
      if (server === undefined || upstream === undefined) continue
      server.taken += 1
      return upstream
    }
    return undefined
  }
  const carry = async (client: Socket): Promise<void> => {
    const upstream = await next()
    if (upstream === undefined) {
      client.destroy()
      return
    }
    // However one side ends, the other is told: that is all there is to say about an error.
    await Promise.allSettled([pipeline(client, upstream), pipeline(upstream, client)])
  }
  const listener = createServer({ noDelay: true }, (client) => {
    client.on('error', () => {
      // Gone before there was a server for it; `pipeline` sees to the rest.
    })
    void carry(client)
  })
  const { port, close } = await listenOnLoopback(listener)
  return {
    port,
    add: (added) => void servers.push({ port: added, taken: 0 }),
    taken: () => servers.map(({ taken }) => taken),
    close,
  }
}

/** Nothing when nobody listens there. */
async function open(port: number): Promise<Socket | undefined> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  try {
    await once(socket, 'connect')
    return socket
  } catch {
    // Refused: the next one is asked.
    return undefined
  }
}
