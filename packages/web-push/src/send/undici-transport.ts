import { Agent, type Dispatcher } from 'undici'
import { createGuardedConnect, type EgressOptions } from '../egress/create-guarded-connect.ts'
import { exchange } from './exchange.ts'
import { createOriginSlots } from './origin-slots.ts'
import type { Transport } from './transport.ts'

export interface UndiciTransportOptions extends EgressOptions {
  /** Default 64, at least 32. An eighth of them is kept for urgent requests. */
  readonly connectionsPerOrigin?: number
}

const IDLE_CONNECTION_MS = 30_000

/**
 * Pooled HTTP/1.1 connections, one request each at a time, so that an answer that never comes
 * holds up one connection and nothing else. `Agent` follows no redirect and reads no proxy setting.
 */
export function createUndiciTransport(options: UndiciTransportOptions): Transport {
  const connections = Math.max(32, options.connectionsPerOrigin ?? 64)
  const slots = createOriginSlots(connections, Math.floor(connections / 8))
  const guard = createGuardedConnect(options)
  const agent: Dispatcher = new Agent({
    connect: guard.connect,
    connections,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: IDLE_CONNECTION_MS,
    // Idle timeouts never fire on a server that drips bytes; the request's own signal does.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  return {
    async request(request) {
      const release = await slots.acquire(request.url.origin, request)
      if (!release) return { kind: 'failure', reason: 'aborted', wasWritten: false }
      try {
        return await exchange(agent, request)
      } finally {
        release()
      }
    },
    async close() {
      const done = agent.destroy()
      guard.close()
      await done
    },
  }
}
