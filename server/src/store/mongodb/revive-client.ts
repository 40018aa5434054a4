import type { MongoClient } from 'mongodb'
import type { Log } from '../../observability/log.ts'

/** What is used of a client. */
export interface RevivableClient {
  on: (name: Heartbeat, listener: (event: { readonly connectionId: string }) => void) => unknown
  off: (name: Heartbeat, listener: (event: { readonly connectionId: string }) => void) => unknown
  connect(): Promise<unknown>
  close(): Promise<void>
}
type Heartbeat = 'serverHeartbeatStarted' | 'serverHeartbeatSucceeded' | 'serverHeartbeatFailed'

export interface ReviveOptions {
  readonly client: MongoClient | RevivableClient
  readonly log: Pick<Log, 'warn'>
  /** A question to a server that has had no end for so long will have none. More than the driver itself waits. */
  readonly stuckAfterMs: number
  /** Between two attempts to connect again. Default 1,000. */
  readonly pauseMs?: number
}

/**
 * Opens the client's connections anew when the driver has stopped looking for its servers, which it would not do again
 * by itself. Returns what ends the watch.
 *
 * Driver 7.9.0 looks for a server as soon as any connection breaks. When the server closed all of them at once, its
 * question goes to a socket that is closed and has not said so yet: the write is told to wait for a `drain` that
 * never comes, so the look never ends, and every request fails from then on although the server is back.
 */
export function reviveClient(options: ReviveOptions): () => Promise<void> {
  const { log, stuckAfterMs, pauseMs = 1000 } = options
  const client: RevivableClient = options.client
  const asked = new Map<string, NodeJS.Timeout>()
  const stopped = new AbortController()
  let reviving: Promise<void> | null = null

  async function reopen(): Promise<void> {
    log.warn('Store: the driver has stopped looking for MongoDB; connecting anew')
    while (!stopped.signal.aborted) {
      try {
        await client.close()
        await client.connect()
        return
      } catch {
        // The server is away as well: every request says so. It is looked for until it is there.
        await pause(pauseMs, stopped.signal)
      }
    }
  }
  function forget(address: string): void {
    clearTimeout(asked.get(address))
    asked.delete(address)
  }
  function revive(): void {
    for (const address of asked.keys()) forget(address)
    reviving ??= reopen().finally(() => {
      reviving = null
    })
  }
  const onAnswered = ({ connectionId }: { readonly connectionId: string }) => forget(connectionId)
  const onAsked = ({ connectionId }: { readonly connectionId: string }) => {
    forget(connectionId)
    if (stopped.signal.aborted) return
    asked.set(connectionId, setTimeout(revive, stuckAfterMs).unref())
  }
  client.on('serverHeartbeatStarted', onAsked)
  client.on('serverHeartbeatSucceeded', onAnswered)
  client.on('serverHeartbeatFailed', onAnswered)
  return async () => {
    stopped.abort()
    client.off('serverHeartbeatStarted', onAsked)
    client.off('serverHeartbeatSucceeded', onAnswered)
    client.off('serverHeartbeatFailed', onAnswered)
    for (const address of asked.keys()) forget(address)
    await reviving
  }
}

/** Resolves early when aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
