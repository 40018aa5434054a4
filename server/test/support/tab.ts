import { io, type Socket } from 'socket.io-client'

/** An open tab: its realtime connection, and everything it heard. */
export interface Tab {
  readonly heard: ReadonlyArray<{ name: string; payload: unknown }>
  /** The next message of that name that fits, from this call on. */
  next(name: string, fits?: (payload: unknown) => boolean): Promise<unknown>
  say(name: string, payload: unknown): void
  /** Resolves when the server has taken everything said before. */
  settled(): Promise<void>
  /** Resolves with the reason once the connection is gone. */
  readonly closed: Promise<string>
  close(): void
}

export interface TabOptions {
  readonly token: string
  readonly deviceId?: string
  /** What a browser says of the page that opens it. Default: nothing, as an app that is no page. */
  readonly origin?: string
}

/** Connects. Rejects when the server refuses. */
export function openTab(url: string, { origin, ...auth }: TabOptions): Promise<Tab> {
  const socket: Socket = io(url, {
    path: '/realtime',
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    auth,
    ...(origin === undefined ? {} : { extraHeaders: { origin } }),
  })
  const heard: Array<{ name: string; payload: unknown }> = []
  socket.onAny((name: string, payload: unknown) => {
    heard.push({ name, payload })
  })
  /** Null once the server has taken it, else what was said. */
  const said: Array<Promise<string | null>> = []
  const closed = new Promise<string>((resolve) => {
    socket.on('disconnect', (reason) => resolve(reason))
  })
  const tab: Tab = {
    heard,
    closed,
    next: (name, fits = () => true) =>
      new Promise((resolve) => {
        const listen = (payload: unknown) => {
          if (!fits(payload)) return
          socket.off(name, listen)
          resolve(payload)
        }
        socket.on(name, listen)
      }),
    say(name, payload) {
      const sent: Promise<unknown> = socket.timeout(5000).emitWithAck(name, payload)
      said.push(
        sent.then(
          () => null,
          () => name,
        ),
      )
    },
    async settled() {
      const unheard = (await Promise.all(said)).filter((name) => name !== null)
      if (unheard.length > 0) throw new Error(`the server did not take: ${unheard.join(', ')}`)
    },
    close: () => void socket.disconnect(),
  }
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(tab))
    socket.once('connect_error', (error) => {
      socket.disconnect()
      reject(error)
    })
  })
}
