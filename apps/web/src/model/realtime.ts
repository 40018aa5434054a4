import {
  realtimeEvents,
  type Presence,
  type RealtimeEventName,
  type RealtimeEvents,
} from '@belfry/contracts'
import type { Parser } from './request.ts'

/** What we need of a socket.io client's socket. */
export interface RealtimeSocket {
  readonly connected: boolean
  /** False when it will not try again by itself. */
  readonly active: boolean
  on(event: string, listener: (content: unknown) => void): unknown
  off(event: string, listener: (content: unknown) => void): unknown
  emit(event: string, content: unknown): unknown
  connect(): unknown
  disconnect(): unknown
}

export type Connection = 'connecting' | 'online' | 'offline'

export interface RealtimeOptions {
  /** Makes the socket, not yet connected: path `/realtime`, websocket only, `auth: {token, deviceId}`. */
  readonly open: () => RealtimeSocket
  /** Runs again and again; the answer calls it off. */
  readonly every: (run: () => void, ms: number) => () => void
  /** Runs once; the answer calls it off. */
  readonly after: (run: () => void, ms: number) => () => void
  /** The server refused the socket. Ask it over HTTP whether the session still stands. */
  readonly onRefused: () => void
}

const presenceMs = 25_000
/** A short gap (a phone that changes its network) is no news to the person. */
const patienceMs = 3000
const refusedRetryMs = 5000

const parsers: { readonly [N in RealtimeEventName]: Parser<RealtimeEvents[N]> } = realtimeEvents

/** The live line to the server. It connects at once and stays until `close()`. */
export class Realtime {
  readonly #options: RealtimeOptions
  readonly #socket: RealtimeSocket
  readonly #listeners = new Set<() => void>()
  readonly #reconnected = new Set<() => void>()
  readonly #stopPresence: () => void
  #connection: Connection = 'connecting'
  #hadGap = false
  #isIntroducing = false
  #presence: Presence = { visible: false }
  #stopPatience: (() => void) | null = null
  #stopRetry: (() => void) | null = null

  constructor(options: RealtimeOptions) {
    this.#options = options
    this.#socket = options.open()
    this.#socket.on('connect', () => this.#onConnect())
    this.#socket.on('disconnect', () => this.#onGap())
    this.#socket.on('connect_error', () => this.#onGap())
    this.#stopPresence = options.every(() => this.#tellPresence(), presenceMs)
    this.#socket.connect()
  }

  /** Each event is checked against its schema; one that does not fit is dropped. */
  on<N extends RealtimeEventName>(
    name: N,
    listener: (event: RealtimeEvents[N]) => void,
  ): () => void {
    const take = (content: unknown): void => {
      const parsed = parsers[name].safeParse(content)
      if (parsed.success) listener(parsed.data)
    }
    this.#socket.on(name, take)
    return () => void this.#socket.off(name, take)
  }

  readonly connection = (): Connection => this.#connection

  readonly subscribe = (listener: () => void): (() => void) => added(this.#listeners, listener)

  /** After a gap: events may have been lost, refetch over HTTP. */
  onReconnect(listener: () => void): () => void {
    return added(this.#reconnected, listener)
  }

  /** What this tab shows. Said at once, after every reconnect, and every 25 s. */
  showing(next: Presence): void {
    const { visible, conversationId } = this.#presence
    this.#presence = next
    if (next.visible !== visible || next.conversationId !== conversationId) this.#tellPresence()
  }

  /** Shakes hands anew: what `auth` says has changed. */
  introduce(): void {
    this.#isIntroducing = true
    this.#socket.disconnect()
    this.#isIntroducing = false
    this.#socket.connect()
  }

  close(): void {
    this.#stopPresence()
    this.#stopPatience?.()
    this.#stopRetry?.()
    this.#listeners.clear()
    this.#reconnected.clear()
    this.#socket.disconnect()
  }

  #onConnect(): void {
    this.#stopPatience?.()
    this.#stopPatience = null
    this.#set('online')
    this.#tellPresence()
    if (this.#hadGap) for (const listener of this.#reconnected) listener()
    this.#hadGap = false
  }

  #onGap(): void {
    const { after, onRefused } = this.#options
    this.#hadGap = true
    this.#stopPatience ??= after(() => this.#set('offline'), patienceMs)
    if (this.#socket.active || this.#isIntroducing || this.#stopRetry !== null) return
    onRefused()
    this.#stopRetry = after(() => {
      this.#stopRetry = null
      this.#socket.connect()
    }, refusedRetryMs)
  }

  #set(next: Connection): void {
    if (next === this.#connection) return
    this.#connection = next
    for (const listener of this.#listeners) listener()
  }

  #tellPresence(): void {
    if (this.#socket.connected) this.#socket.emit('presence', this.#presence)
  }
}

function added(set: Set<() => void>, listener: () => void): () => void {
  set.add(listener)
  return () => set.delete(listener)
}

export function createRealtime(options: RealtimeOptions): Realtime {
  return new Realtime(options)
}
