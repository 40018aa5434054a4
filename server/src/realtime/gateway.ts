import { presence, realtimeAuth } from '@belfry/contracts'
import type { Server as HttpServer } from 'node:http'
import { Server, type DefaultEventsMap, type Socket as AnySocket } from 'socket.io'
import type { Broker, Notice } from '../broker/port.ts'
import type { Log } from '../observability/log.ts'
import type { Accounts, Identity } from '../people/accounts.ts'
import { isFromUs } from './is-from-us.ts'

/**
 * Open tabs. They hear what the broker broadcasts, so that tabs on different nodes hear the same.
 * Nothing is replayed: after a reconnect a client asks the API, with some overlap.
 */
export interface Gateway {
  close(): Promise<void>
}

export interface GatewayOptions {
  readonly http: HttpServer
  readonly accounts: Pick<Accounts, 'identify'>
  readonly broker: Pick<Broker, 'broadcast' | 'onBroadcast'>
  readonly allowedOrigins: readonly string[]
  readonly now: () => number
  readonly log: Log
  /** How late a socket may outlive its token. Default 30,000. */
  readonly expirySweepMs?: number
}

/** Clients repeat their presence every 25 s; twice missed is gone. */
const presenceLastsMs = 60_000
/** A tab that tells more than this in a minute is not heard: every word goes to every process. */
const mostPresenceAMinute = 240

export function createGateway(options: GatewayOptions): Gateway {
  const { broker } = options
  const io = new Server<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>(
    options.http,
    {
      path: '/realtime',
      transports: ['websocket'],
      serveClient: false,
      // Who has not said who they are by then is cut.
      connectTimeout: 10_000,
      maxHttpBufferSize: 64 * 1024,
      allowRequest: (request, done) =>
        done(null, isFromUs(request.headers, options.allowedOrigins)),
    },
  )

  io.use((socket, next) => {
    admit(options.accounts, socket).then(
      (identity) => next(identity === null ? new Error('UNAUTHENTICATED') : undefined),
      () => next(new Error('UNAVAILABLE')),
    )
  })
  io.on('connection', (socket) => {
    const { seat } = socket.data
    if (seat === undefined) {
      socket.disconnect(true)
      return
    }
    void socket.join(personRoom(seat.userId))
    if (seat.sid !== null) void socket.join(sessionRoom(seat.sid))
    listenForPresence(options, socket, seat)
  })

  const sweep = setInterval(() => {
    for (const socket of io.sockets.sockets.values()) {
      if ((socket.data.seat?.expiresAtMs ?? 0) <= options.now()) socket.disconnect(true)
    }
  }, options.expirySweepMs ?? 30_000).unref()

  const stop = broker.onBroadcast((notice: Notice) => {
    switch (notice.kind) {
      case 'realtime': {
        // Most people have no tab here, and telling nobody costs as much as telling one.
        const rooms = notice.to.map(personRoom).filter((room) => io.sockets.adapter.rooms.has(room))
        if (rooms.length > 0) io.to(rooms).emit(notice.name, notice.payload)
        return
      }
      case 'presence':
        return // For whoever is about to push: `compose.ts` hands it to the presence board.
      case 'session_ended':
        io.in(sessionRoom(notice.sid)).disconnectSockets(true)
    }
  })

  return {
    async close() {
      stop()
      clearInterval(sweep)
      await io.close()
    },
  }
}

interface Seat extends Identity {
  readonly deviceId: string | null
}

interface SocketData {
  /** Who sits behind it. */
  seat?: Seat
}

type Socket = AnySocket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>

async function admit(
  accounts: Pick<Accounts, 'identify'>,
  socket: Socket,
): Promise<Identity | null> {
  const auth = realtimeAuth.safeParse(socket.handshake.auth)
  if (!auth.success) return null
  const answer = await accounts.identify(auth.data.token)
  if (answer.kind === 'refused') return null
  socket.data.seat = { ...answer.identity, deviceId: auth.data.deviceId ?? null }
  return answer.identity
}

/** `presence` is acknowledged once every process has been told, when the client asks for it. */
function listenForPresence(options: GatewayOptions, socket: Socket, seat: Seat): void {
  const { deviceId, userId } = seat
  if (deviceId === null) return
  const tell = async (visible: boolean, conversationId: string | null): Promise<void> => {
    const untilMs = options.now() + presenceLastsMs
    const tab = { userId, deviceId, tabId: socket.id, visible, conversationId, untilMs }
    try {
      await options.broker.broadcast({ kind: 'presence', ...tab })
    } catch (cause) {
      options.log.warn({ err: cause }, 'Realtime: presence was lost; the tab says it again')
    }
  }
  let minute = { startedAtMs: options.now(), words: 0 }
  socket.on('presence', (message: unknown, done: unknown) => {
    const nowMs = options.now()
    if (Math.abs(nowMs - minute.startedAtMs) >= 60_000) minute = { startedAtMs: nowMs, words: 0 }
    minute.words += 1
    const parsed = presence.safeParse(message)
    if (!parsed.success || minute.words > mostPresenceAMinute) return
    void tell(parsed.data.visible, parsed.data.conversationId ?? null).then(() => {
      if (typeof done === 'function') done()
    })
  })
  socket.on('disconnect', () => void tell(false, null))
}

function personRoom(userId: string): string {
  return `person:${userId}`
}

function sessionRoom(sid: string): string {
  return `session:${sid}`
}
