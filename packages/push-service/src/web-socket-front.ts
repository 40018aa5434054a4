import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import { parseClientFrame } from './frames.ts'
import type { Connection, PushHub } from './push-hub.ts'
import {
  batchSize,
  newSession,
  step,
  type SessionEffect,
  type SessionInput,
  type SessionState,
} from './session.ts'

/** Firefox never answers a close frame, and ws would wait 30 s for it before the browser may reconnect. */
const closeGraceMs = 50
/** A browser's frames are small: an ack of a batch is below 4 KiB. */
const largestFrameBytes = 64 * 1024

/** Serves Mozilla's WebSocket protocol to browsers on the upgrade requests of an HTTP server. */
export function serveBrowsers(server: Server, hub: PushHub, minPingIntervalMs: number) {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: largestFrameBytes,
    // Mozilla's service echoes no sub-protocol, and Firefox takes that.
    handleProtocols: () => false,
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      serveBrowser(webSocket, hub, minPingIntervalMs)
    })
  })
  return {
    /** Ends all sockets, also those that have not said hello. */
    close() {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
    },
  }
}

function serveBrowser(socket: WebSocket, hub: PushHub, minPingIntervalMs: number): void {
  let state: SessionState = newSession(minPingIntervalMs)
  let uaid = ''
  let closedWith: number | undefined
  const connection: Connection = {
    deliver: (message) => feed({ type: 'message', message }),
    close: (code) => feed({ type: 'close', code }),
  }

  function feed(input: SessionInput): void {
    const wasOpen = state.phase !== 'closed'
    const [next, effects] = step(state, input)
    state = next
    if (wasOpen && next.phase === 'closed') hub.disconnected(uaid, connection)
    for (const effect of effects) perform(effect)
  }

  function perform(effect: SessionEffect): void {
    switch (effect.do) {
      case 'send':
        send(socket, effect.frame)
        if (effect.frame.messageType === 'notification') {
          const { channelID: channelId, version } = effect.frame
          hub.recorder.record({ type: 'delivery', uaid, channelId, version, at: hub.now() })
        }
        return
      case 'identify': {
        const browser = recognise(hub, effect.claimed)
        uaid = browser.uaid
        hub.connect(uaid, connection)
        hub.recorder.record({ type: 'hello', ...browser, at: hub.now() })
        return feed({ type: 'identified', ...browser })
      }
      case 'close':
        closedWith = effect.code
        return close(socket, effect.code)
      case 'fetch':
        return feed({
          type: 'stored',
          messages: hub.stored.next(uaid, { limit: batchSize, now: hub.now() }),
        })
      case 'register': {
        const endpoint = registerChannel(hub, uaid, effect)
        return feed({ type: 'registered', channelId: effect.channelId, endpoint })
      }
      default:
        settleWithHub(hub, uaid, effect)
    }
  }

  socket.on('message', (data, isBinary) => {
    const frame = isBinary ? undefined : parseClientFrame(textOf(data))
    feed({ type: 'frame', frame, now: hub.now() })
  })
  socket.on('close', () => {
    feed({ type: 'dropped' })
    if (uaid !== '') {
      hub.recorder.record({ type: 'disconnect', uaid, code: closedWith, at: hub.now() })
    }
  })
  // A reset or an oversized frame: ws closes the socket itself, and 'close' follows.
  socket.on('error', () => undefined)
}

/** A browser is known from its first register on; any other claim gets a new uaid. */
function recognise(hub: PushHub, claimed: string | undefined) {
  const uaid = claimed?.replaceAll('-', '').toLowerCase()
  return uaid !== undefined && hub.subscriptions.isKnown(uaid)
    ? { uaid, known: true }
    : { uaid: hub.subscriptions.issueUaid(), known: false }
}

function registerChannel(
  hub: PushHub,
  uaid: string,
  { channelId, key }: Extract<SessionEffect, { do: 'register' }>,
): string {
  const endpoint = hub.origin + hub.subscriptions.register(uaid, channelId, key)
  hub.recorder.record({ type: 'register', uaid, channelId, endpoint, at: hub.now() })
  return endpoint
}

/** The effects that concern only what the hub remembers. */
function settleWithHub(
  hub: PushHub,
  uaid: string,
  effect: Extract<
    SessionEffect,
    { do: 'unregister' | 'settle' | 'report-nack' | 'store' | 'forget' }
  >,
): void {
  const at = hub.now()
  switch (effect.do) {
    case 'unregister': {
      const { channelId, code } = effect
      hub.unregister(uaid, channelId)
      return hub.recorder.record({ type: 'unregister', uaid, channelId, code, at })
    }
    case 'settle': {
      const { channelId, version, code } = effect
      hub.stored.remove(uaid, version)
      return hub.recorder.record({ type: 'ack', uaid, channelId, version, code, at })
    }
    case 'report-nack': {
      const { version, code } = effect
      return hub.recorder.record({ type: 'nack', uaid, version, code, at })
    }
    case 'store':
      for (const message of effect.messages) hub.stored.put(message)
      return
    case 'forget':
      hub.forget(uaid)
  }
}

function send(socket: WebSocket, frame: object): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame))
}

function close(socket: WebSocket, code: number): void {
  socket.close(code)
  const timer = setTimeout(() => socket.terminate(), closeGraceMs)
  socket.once('close', () => clearTimeout(timer))
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8')
  return Buffer.from(new Uint8Array(data)).toString('utf8')
}
