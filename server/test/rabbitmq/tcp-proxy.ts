import { createServer, connect, type Socket } from 'node:net'

/** Stands between a client and its server, and spoils the line. */
export interface TcpProxy {
  readonly port: number
  /** Resets every connection, and refuses new ones: to both ends the other is dead. */
  cut(): Promise<void>
  /** From now on nothing gets through, and nobody is told: a cable that was pulled. */
  swallow(): void
  /** Connections are let through again; those that were swallowed stay silent. */
  heal(): void
  /** From now on every byte is a packet of its own. */
  sliceBytes(): void
  /** From now on each packet comes so much later, and never before an earlier one. Milliseconds. */
  delayBy(nextMs: () => number): void
  /** Packets go as they come again. */
  pass(): void
  /** Resets every connection, in the middle of whatever it carries, and takes new ones. */
  reset(): void
  close(): Promise<void>
}

export async function tcpProxy(targetPort: number, targetHost = '127.0.0.1'): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let swallowing = false
  let slicing = false
  let nextDelayMs: (() => number) | null = null

  const server = createServer((client) => {
    const upstream = connect({ port: targetPort, host: targetHost, noDelay: true })
    client.setNoDelay(true)
    pair(client, upstream)
    pair(upstream, client)
  })

  function pair(from: Socket, to: Socket): void {
    sockets.add(from)
    let silent = swallowing
    let clearAtMs = 0

    function write(chunk: Buffer): void {
      if (to.destroyed) return
      if (!slicing) to.write(chunk)
      else for (const byte of chunk) to.write(Buffer.of(byte))
    }
    from.on('data', (chunk: Buffer) => {
      silent ||= swallowing
      if (silent) return
      const nowMs = performance.now()
      const atMs = Math.max(clearAtMs, nowMs + (nextDelayMs?.() ?? 0))
      if (atMs <= nowMs) return write(chunk)
      clearAtMs = atMs
      setTimeout(write, atMs - nowMs, chunk)
    })
    from.on('error', () => {}) // The close says the same.
    from.on('close', () => {
      sockets.delete(from)
      if (!silent) to.destroy()
    })
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const stopListening = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
    })
  const reset = () => {
    for (const socket of sockets) {
      // Node leaves a socket open that it is to reset while it is being ended, or waits until all is written.
      const isEnding = socket.readableEnded || socket.writableEnded || socket.writableLength > 0
      if (isEnding) socket.destroy()
      else socket.resetAndDestroy()
    }
  }
  async function cut(): Promise<void> {
    const stopped = server.listening ? stopListening() : Promise.resolve()
    reset()
    await stopped
  }
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut,
    swallow() {
      swallowing = true
    },
    heal() {
      swallowing = false
    },
    sliceBytes() {
      slicing = true
    },
    delayBy(nextMs) {
      nextDelayMs = nextMs
    },
    pass() {
      slicing = false
      nextDelayMs = null
    },
    reset,
    close: cut,
  }
}
