import { decodeBase64url } from './base64url.ts'
import { notificationFrame, type ClientFrame, type ServerFrame } from './frames.ts'
import { p256PublicKey } from './p256-public-key.ts'
import type { PushMessage } from './push-message.ts'

/*
 * One browser's socket, without the socket.
 *
 *   new          hello                -> identifying   (who is it?)
 *   identifying  identified           -> active        (hello answered, stored messages fetched)
 *   active       register, unregister, ack, nack, ping, message, stored
 *   any          bad frame, close     -> closed        (1011 for a bad frame)
 *   any          dropped              -> closed
 *
 * A message is owed to the browser until its ack. What came from storage stays there until then;
 * what came straight from a sender goes into storage when the socket ends first, unless its TTL is 0.
 * Stored messages go out in batches of 10, the next one after the last ack of the batch. After 150
 * of them, when there are more, the browser is forgotten: that is Mozilla's rule, and its client's
 * only way back is to subscribe anew.
 */

export const batchSize = 10
const storedMessageLimit = 150
/** RFC 6455 section 7.4.1: unexpected condition. Mozilla's service uses it for every protocol error. */
const errorCode = 1011

export type SessionState =
  | { readonly phase: 'new'; readonly minPingIntervalMs: number }
  | { readonly phase: 'identifying'; readonly minPingIntervalMs: number }
  | ActiveSession
  | { readonly phase: 'closed' }

interface ActiveSession {
  readonly phase: 'active'
  readonly minPingIntervalMs: number
  readonly uaid: string
  /** By version. */
  readonly unacked: ReadonlyMap<string, Unacked>
  /** Messages sent from storage since hello. */
  readonly sentFromStorage: number
  /** Whether storage may hold more. */
  readonly draining: boolean
  readonly lastPingAt: number | undefined
}

interface Unacked {
  readonly message: PushMessage
  readonly fromStorage: boolean
}

export type SessionInput =
  /** A frame from the browser; undefined when it was none of the protocol's. `now` in ms. */
  | { readonly type: 'frame'; readonly frame: ClientFrame | undefined; readonly now: number }
  /** The answer to `identify`. */
  | { readonly type: 'identified'; readonly uaid: string; readonly known: boolean }
  /** The answer to `register`. */
  | { readonly type: 'registered'; readonly channelId: string; readonly endpoint: string }
  /** The answer to `fetch`. */
  | { readonly type: 'stored'; readonly messages: readonly PushMessage[] }
  /** A sender's message, while the browser is connected. */
  | { readonly type: 'message'; readonly message: PushMessage }
  /** The service wants the socket closed. */
  | { readonly type: 'close'; readonly code: number }
  /** The socket is gone. */
  | { readonly type: 'dropped' }

export type SessionEffect =
  | { readonly do: 'send'; readonly frame: ServerFrame }
  | { readonly do: 'identify'; readonly claimed: string | undefined }
  | { readonly do: 'register'; readonly channelId: string; readonly key: Buffer | undefined }
  | { readonly do: 'unregister'; readonly channelId: string; readonly code: number }
  | { readonly do: 'fetch' }
  | {
      readonly do: 'settle'
      readonly channelId: string
      readonly version: string
      readonly code: number
    }
  | { readonly do: 'report-nack'; readonly version: string; readonly code: number }
  | { readonly do: 'store'; readonly messages: readonly PushMessage[] }
  | { readonly do: 'forget' }
  | { readonly do: 'close'; readonly code: number }

type Step = readonly [SessionState, readonly SessionEffect[]]

/** A socket that has just opened. Two pings closer than `minPingIntervalMs` will close it. */
export function newSession(minPingIntervalMs: number): SessionState {
  return { phase: 'new', minPingIntervalMs }
}

/** Pure. Inputs that make no sense in a state leave it as it is; frames that make none close it. */
export function step(state: SessionState, input: SessionInput): Step {
  if (state.phase === 'closed') return [state, []]
  switch (input.type) {
    case 'close':
      return end(state, [{ do: 'close', code: input.code }])
    case 'dropped':
      return end(state, [])
    case 'frame':
      return stepFrame(state, input.frame, input.now)
    case 'identified':
      return state.phase === 'identifying'
        ? identified(state.minPingIntervalMs, input)
        : [state, []]
    case 'registered':
      return [state, [sendRegistered(input.channelId, input.endpoint)]]
    case 'stored':
      return state.phase === 'active' ? sendStored(state, input.messages) : [state, []]
    case 'message':
      return state.phase === 'active'
        ? [owe(state, [input.message], false), [sendMessage(input.message)]]
        : [state, [{ do: 'store', messages: [input.message] }]]
  }
}

function stepFrame(
  state: Exclude<SessionState, { phase: 'closed' }>,
  frame: ClientFrame | undefined,
  now: number,
): Step {
  if (frame === undefined) return fail(state)
  if (state.phase === 'new' && frame.type === 'hello') {
    return [{ ...state, phase: 'identifying' }, [{ do: 'identify', claimed: frame.uaid }]]
  }
  if (state.phase !== 'active') return fail(state)
  switch (frame.type) {
    case 'hello':
      return fail(state)
    case 'register':
      return [state, [register(frame.channelId, frame.key)]]
    case 'unregister': {
      const { channelId, code } = frame
      const reply = { messageType: 'unregister', channelID: channelId, status: 200 } as const
      // Also 200 for a channel that does not exist.
      return [
        state,
        [
          { do: 'unregister', channelId, code },
          { do: 'send', frame: reply },
        ],
      ]
    }
    case 'ack':
      return acknowledge(state, frame.updates)
    case 'nack':
      // Only a report: Firefox sends the ack besides.
      return [state, [{ do: 'report-nack', version: frame.version, code: frame.code }]]
    case 'ping': {
      const last = state.lastPingAt
      if (last !== undefined && now - last < state.minPingIntervalMs) return fail(state)
      return [{ ...state, lastPingAt: now }, [{ do: 'send', frame: {} }]]
    }
    case 'broadcast-subscribe':
      return [state, []]
  }
}

function identified(
  minPingIntervalMs: number,
  { uaid, known }: { readonly uaid: string; readonly known: boolean },
): Step {
  const state: SessionState = {
    phase: 'active',
    minPingIntervalMs,
    uaid,
    unacked: new Map(),
    sentFromStorage: 0,
    draining: known,
    lastPingAt: undefined,
  }
  const hello: SessionEffect = {
    do: 'send',
    frame: { messageType: 'hello', status: 200, uaid, use_webpush: true, broadcasts: {} },
  }
  return [state, known ? [hello, { do: 'fetch' }] : [hello]]
}

/** Without a key the endpoint is open; with one that is not a P-256 point there is none. */
function register(channelId: string, key: string | undefined): SessionEffect {
  if (key === undefined) return { do: 'register', channelId, key: undefined }
  const point = decodeBase64url(key)
  if (point !== undefined && p256PublicKey(point) !== undefined) {
    return { do: 'register', channelId, key: point }
  }
  const refusal = { messageType: 'register', status: 400, pushEndpoint: '' } as const
  return { do: 'send', frame: { ...refusal, channelID: channelId } }
}

function sendRegistered(channelID: string, pushEndpoint: string): SessionEffect {
  return { do: 'send', frame: { messageType: 'register', channelID, status: 200, pushEndpoint } }
}

function sendMessage(message: PushMessage): SessionEffect {
  return { do: 'send', frame: notificationFrame(message) }
}

function sendStored(state: ActiveSession, messages: readonly PushMessage[]): Step {
  if (messages.length === 0) return [{ ...state, draining: false }, []]
  if (state.sentFromStorage >= storedMessageLimit) {
    return [{ phase: 'closed' }, [{ do: 'forget' }, { do: 'close', code: 1000 }]]
  }
  const sentFromStorage = state.sentFromStorage + messages.length
  return [owe({ ...state, sentFromStorage }, messages, true), messages.map(sendMessage)]
}

function owe(
  state: ActiveSession,
  messages: readonly PushMessage[],
  fromStorage: boolean,
): ActiveSession {
  const added = messages.map((message) => [message.version, { message, fromStorage }] as const)
  return { ...state, unacked: new Map([...state.unacked, ...added]) }
}

function acknowledge(
  state: ActiveSession,
  updates: Extract<ClientFrame, { type: 'ack' }>['updates'],
): Step {
  const unacked = new Map(state.unacked)
  for (const { version } of updates) unacked.delete(version)
  const settled = updates.map((update) => ({ do: 'settle', ...update }) as const)
  const batchDone = ![...unacked.values()].some((owed) => owed.fromStorage)
  const next = { ...state, unacked }
  return [next, state.draining && batchDone ? [...settled, { do: 'fetch' }] : settled]
}

function fail(state: SessionState): Step {
  return end(state, [{ do: 'close', code: errorCode }])
}

function end(state: SessionState, effects: readonly SessionEffect[]): Step {
  if (state.phase !== 'active') return [{ phase: 'closed' }, effects]
  const owed = [...state.unacked.values()].filter((entry) => !entry.fromStorage)
  if (owed.length === 0) return [{ phase: 'closed' }, effects]
  const messages = owed.map((entry) => entry.message)
  return [{ phase: 'closed' }, [{ do: 'store', messages }, ...effects]]
}
