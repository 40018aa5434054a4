import { createServer, connect, type Server, type Socket } from 'node:net'

/** Stands between the store and its server, and breaks what a network breaks. */
export interface WireProxy {
  /** Of the server behind it, by way of the proxy, with this database. */
  url(database: string): string
  /**
   * The next request that holds all of these words is carried out, and then its connection is cut instead of its
   * answer being passed on. Resolves when that has happened.
   */
  loseAnswerTo(...words: readonly string[]): Promise<void>
  /** Cuts every connection that is open. */
  cut(): void
  /** Nothing listens any more. */
  down(): Promise<void>
  /** It listens again. */
  up(): Promise<void>
  /** Connections stay open, new ones are taken, and nothing passes: a link that swallows packets. */
  freeze(): void
  /** What was swallowed is gone, so the connections of that time end. */
  thaw(): void
  close(): Promise<void>
}

interface Trap {
  readonly words: readonly string[]
  readonly sprung: () => void
}

export async function openWireProxy(serverUrl: string): Promise<WireProxy> {
  const target = addressIn(serverUrl)
  const pairs = new Set<readonly [client: Socket, server: Socket]>()
  let trap: Trap | null = null
  let frozen = false

  function join(client: Socket): void {
    const server = connect(target.port, target.host)
    const pair = [client, server] as const
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      client.destroy()
      server.destroy()
    }
    let lost: Trap | null = null
    client.on('data', (request) => {
      if (frozen) return
      const caught = trap
      if (caught?.words.every((word) => request.includes(word)) === true) {
        lost = caught
        trap = null
      }
      server.write(request)
    })
    server.on('data', (answer) => {
      if (frozen) return
      if (lost === null) {
        client.write(answer)
        return
      }
      end()
      lost.sprung()
    })
    for (const socket of pair) socket.on('error', end).on('close', end)
  }

  const cut = () => {
    for (const [client] of pairs) client.destroy()
  }
  let listener = await listen(join, 0)
  const { port } = listener
  return {
    url(database) {
      const options = new URLSearchParams({ ...target.options, directConnection: 'true' })
      return `mongodb://${target.credentials}127.0.0.1:${port}/${database}?${options.toString()}`
    },
    loseAnswerTo: (...words) =>
      new Promise((sprung) => {
        trap = { words, sprung }
      }),
    cut,
    async down() {
      await closed(listener.server, cut)
    },
    async up() {
      listener = await listen(join, port)
    },
    freeze() {
      frozen = true
    },
    thaw() {
      frozen = false
      cut()
    },
    async close() {
      await closed(listener.server, cut)
    },
  }
}

function listen(
  onConnection: (socket: Socket) => void,
  wanted: number,
): Promise<{ server: Server; port: number }> {
  return new Promise((resolve, reject) => {
    const server = createServer(onConnection)
    server.once('error', reject)
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address()
      resolve({ server, port: typeof address === 'object' ? (address?.port ?? 0) : 0 })
    })
  })
}

function closed(server: Server, cut: () => void): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    cut()
  })
}

/** The first host of a `mongodb:` URL, and what else is in it. */
function addressIn(url: string) {
  const [, credentials = '', host = '127.0.0.1', port = '27017', query = ''] =
    /^mongodb:\/\/([^@/]+@)?([^:/,]+)(?::(\d+))?[^/]*(?:\/[^?]*)?(?:\?(.*))?$/.exec(url) ?? []
  const { replicaSet: _, ...options } = Object.fromEntries(new URLSearchParams(query))
  return { credentials, host, port: Number(port), options }
}
