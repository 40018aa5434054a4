import { once } from 'node:events'
import { realtimeEvents, type Call, type RealtimeEvents } from '@belfry/contracts'
import { createJournal } from '../support/journal.ts'

/** What an open tab of a person would hear from the server. Each wait is armed when called. */
export interface RealtimeEar {
  /** The next news of a call that matches, its first ring included. */
  readonly nextCall: (matches: (call: Call) => boolean) => Promise<Call>
  /** The next change of one of the person's devices that matches. */
  readonly nextDeviceChange: (matches: (change: DeviceChange) => boolean) => Promise<DeviceChange>
  readonly close: () => Promise<void>
}

type DeviceChange = RealtimeEvents['devices.updated']

/** Packets of Engine.IO 4 and, after the 4, of Socket.IO 5. */
const packet = { ping: '2', pong: '3', connect: '40', connected: '40', event: '42' } as const

/**
 * Listens over the gateway's own protocol, on one WebSocket: a test that waits for what the server
 * tells needs no browser for it, and asks nothing again and again. Resolves once the server listens.
 */
export async function listenRealtime(serverUrl: string, token: string): Promise<RealtimeEar> {
  const calls = createJournal<Call>({
    name: 'news of calls',
    describe: ({ sessionId, state, devices }) => `${sessionId} ${state} ${JSON.stringify(devices)}`,
  })
  const devices = createJournal<DeviceChange>({
    name: 'changes of devices',
    describe: ({ subscriptionId, change }) => `${subscriptionId} ${change}`,
  })
  const hear = (name: unknown, payload: unknown): void => {
    if (name === 'call.ringing' || name === 'call.updated') {
      calls.record(realtimeEvents[name].parse(payload))
    } else if (name === 'devices.updated') {
      devices.record(realtimeEvents[name].parse(payload))
    }
  }
  const address = `${serverUrl.replace(/^http/, 'ws')}/realtime/?EIO=4&transport=websocket`
  const socket = new WebSocket(address)
  const admitted = createJournal<string>({ name: 'packets', describe: (text) => text })
  const connected = admitted.next((text) => text.startsWith(packet.connected), {
    awaited: 'the gateway to admit the listener',
  })
  socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (typeof data !== 'string') return
    admitted.record(data)
    if (data === packet.ping) socket.send(packet.pong)
    if (!data.startsWith(packet.event)) return
    const event: unknown = JSON.parse(data.slice(packet.event.length))
    if (Array.isArray(event)) hear(event[0], event[1])
  })
  await once(socket, 'open')
  socket.send(packet.connect + JSON.stringify({ token }))
  await connected
  return {
    nextCall: calls.next,
    nextDeviceChange: devices.next,
    close: async () => {
      // The server may have closed it already, in its own end.
      if (socket.readyState !== WebSocket.CLOSED) {
        const closed = once(socket, 'close')
        socket.close()
        await closed
      }
      calls.close()
      devices.close()
      admitted.close()
    },
  }
}
