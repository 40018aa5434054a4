import { safePath } from '../server-address/safe-path.ts'

interface PushBase {
  /** The delivery's id: a second push with the same one is the same alert. */
  readonly id: string
  /** What replaces what; also the notification's identifier on this phone. */
  readonly tag: string
  /** Capability for `POST /api/push-receipts`, and to decline this ring until it expires. */
  readonly receipt: string
  /** Unix seconds by the server's clock when it sent this; 0 when it did not say. */
  readonly ts: number
  /** Unix seconds by the server's clock after which this is stale. */
  readonly exp: number
  /** What a tap opens: a path of the server. */
  readonly path: string
}

interface CallBase extends PushBase {
  readonly sessionId: string
  /** Empty when the caller has no name. */
  readonly callerName: string
}

export interface IncomingCall extends CallBase {
  readonly type: 'incoming_call'
  readonly media: 'audio' | 'video'
}

export interface CallEnded extends CallBase {
  readonly type: 'call_ended'
  /** What takes the ring's place. Empty: nothing does, it goes. */
  readonly title: string
  readonly body: string
}

export interface MissedCall extends CallBase {
  readonly type: 'missed_call'
}

export interface OtherPush extends PushBase {
  readonly type: 'chat_message' | 'test'
}

/** `data` of a push, as the server sends it to phones. */
export type PushData = IncomingCall | CallEnded | MissedCall | OtherPush

/** Reads `data`; undefined when it is not ours or lacks what its type needs. */
export function parsePushData(value: unknown): PushData | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const data: Readonly<Record<string, unknown>> = { ...value }
  const { id, exp } = data
  if (data.v !== 1 || !isText(id) || typeof exp !== 'number') return undefined
  const common = {
    id,
    exp,
    ts: typeof data.ts === 'number' ? data.ts : 0,
    receipt: textOr(data.receipt, ''),
  }
  const tag = textOr(data.tag, id)
  if (data.type === 'chat_message' || data.type === 'test') {
    return { ...common, type: data.type, tag, path: safePath(data.url) ?? chatPath(data) }
  }
  const { sessionId } = data
  if (!isText(sessionId)) return undefined
  const call = {
    ...common,
    sessionId,
    callerName: textOr(data.callerName, ''),
    // Its words are the server's: a long id is a hash in it.
    tag: tag.startsWith('call-') ? tag : callTag(sessionId),
    path: safePath(data.url) ?? `/calls/incoming?sessionId=${encodeURIComponent(sessionId)}`,
  }
  switch (data.type) {
    case 'incoming_call':
      return { ...call, type: 'incoming_call', media: data.media === 'video' ? 'video' : 'audio' }
    case 'call_ended': {
      const [title, body] = [textOr(data.title, ''), textOr(data.body, '')]
      return { ...call, type: 'call_ended', title, body }
    }
    case 'missed_call':
      return { ...call, type: 'missed_call' }
    default:
      return undefined
  }
}

/** `url` is left out where there was no room for it. */
function chatPath({ conversationId }: Readonly<Record<string, unknown>>): string {
  return isText(conversationId) ? `/chats/${encodeURIComponent(conversationId)}` : '/'
}

/** What the page calls the notifications of a call; also their tag, as long as that is not too long. */
export function callTag(sessionId: string): string {
  return `call-${sessionId}`
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise
}

/** The same as the server sends it, to be carried by a notification that this phone shows itself. */
export function writePushData({ path, ...data }: PushData): Record<string, unknown> {
  return { ...data, v: 1, url: path }
}
