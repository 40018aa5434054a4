import { once } from 'node:events'
import { WebSocket } from 'ws'

type Frame = Record<string, unknown>

/** A browser reduced to its socket: sends frames, reads frames in order. */
export interface Browser {
  send(frame: unknown): void
  /** The next frame that was not read yet. */
  read(): Promise<Frame>
  /** Sends a frame and reads the next one. */
  ask(frame: unknown): Promise<Frame>
  /** Resolves with the code that the service closed the socket with. */
  readonly closed: Promise<number>
  /** Drops the connection without a word, as a crash does. */
  crash(): Promise<void>
}

export async function connectBrowser(url: string): Promise<Browser> {
  // Firefox also offers the sub-protocol push-notification. Mozilla's service echoes none, which
  // Firefox accepts and this client would not.
  const socket = new WebSocket(url)
  const unread: Frame[] = []
  const readers: ((frame: Frame) => void)[] = []
  socket.on('message', (data: Buffer) => {
    const frame: Frame = JSON.parse(data.toString('utf8'))
    const reader = readers.shift()
    if (reader === undefined) unread.push(frame)
    else reader(frame)
  })
  const closed = new Promise<number>((resolve) => {
    socket.once('close', (code) => resolve(code))
  })
  await once(socket, 'open')
  const send = (frame: unknown) =>
    socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  const read = () => {
    const frame = unread.shift()
    return frame === undefined
      ? new Promise<Frame>((resolve) => {
          readers.push(resolve)
        })
      : Promise.resolve(frame)
  }
  return {
    send,
    read,
    ask(frame) {
      send(frame)
      return read()
    },
    closed,
    async crash() {
      socket.terminate()
      await closed
    },
  }
}

/** hello without a uaid, then one register. */
export async function subscribeBrowser(
  url: string,
  key: string,
): Promise<{ browser: Browser; uaid: string; endpoint: string }> {
  const browser = await connectBrowser(url)
  const hello = await browser.ask({ messageType: 'hello', use_webpush: true, broadcasts: {} })
  const reply = await browser.ask({ messageType: 'register', channelID: channelId, key })
  return { browser, uaid: String(hello['uaid']), endpoint: String(reply['pushEndpoint']) }
}

export const channelId = 'b9d3f0a2-6a0e-4a7c-9f5e-0d6a5a4c3b21'
