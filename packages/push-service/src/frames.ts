import type { PushMessage } from './push-message.ts'
import { encodeBase64url } from './base64url.ts'

/** What a browser sends: JSON text frames of Mozilla's push protocol, as Firefox 153 speaks it. */
export type ClientFrame =
  | { readonly type: 'hello'; readonly uaid: string | undefined }
  | { readonly type: 'register'; readonly channelId: string; readonly key: string | undefined }
  | { readonly type: 'unregister'; readonly channelId: string; readonly code: number }
  | { readonly type: 'ack'; readonly updates: readonly AckUpdate[] }
  | { readonly type: 'nack'; readonly version: string; readonly code: number }
  | { readonly type: 'broadcast-subscribe' }
  | { readonly type: 'ping' }

interface AckUpdate {
  readonly channelId: string
  readonly version: string
  readonly code: number
}

/** What the service sends. */
export type ServerFrame =
  | {
      readonly messageType: 'hello'
      readonly status: 200
      readonly uaid: string
      readonly use_webpush: true
      readonly broadcasts: Record<string, never>
    }
  | {
      readonly messageType: 'register'
      readonly channelID: string
      readonly status: 200 | 400
      readonly pushEndpoint: string
    }
  | { readonly messageType: 'unregister'; readonly channelID: string; readonly status: 200 }
  | {
      readonly messageType: 'notification'
      readonly channelID: string
      readonly version: string
      readonly data?: string
      readonly headers?: Readonly<Record<string, string>>
    }
  /** The answer to a ping. */
  | Record<string, never>

/** Upper case is not accepted: Mozilla's service closes the socket on it. */
const channelIdPattern = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/** Undefined for what is not a frame of the protocol. */
export function parseClientFrame(text: string): ClientFrame | undefined {
  const frame = parseObject(text)
  if (frame === undefined) return undefined
  if (Object.keys(frame).length === 0) return { type: 'ping' }
  switch (frame['messageType']) {
    case 'hello':
      return { type: 'hello', uaid: textOr(frame['uaid'], undefined) }
    case 'register':
    case 'unregister':
      return parseChannelFrame(frame, frame['messageType'])
    case 'ack':
      return parseAck(frame['updates'])
    case 'nack': {
      const version = textOr(frame['version'], undefined)
      if (version === undefined) return undefined
      return { type: 'nack', version, code: numberOr(frame['code'], 301) }
    }
    case 'broadcast_subscribe':
      return { type: 'broadcast-subscribe' }
    case 'ping':
      return { type: 'ping' }
    default:
      return undefined
  }
}

/** The frame that carries a message; without payload it has neither data nor headers. */
export function notificationFrame(message: PushMessage): ServerFrame {
  const { channelId: channelID, version, body } = message
  if (body.length === 0) return { messageType: 'notification', channelID, version }
  const data = encodeBase64url(body)
  return {
    messageType: 'notification',
    channelID,
    version,
    data,
    headers: message.encryptionHeaders,
  }
}

function parseChannelFrame(
  frame: Record<string, unknown>,
  type: 'register' | 'unregister',
): ClientFrame | undefined {
  const channelId = textOr(frame['channelID'], '')
  if (!channelIdPattern.test(channelId)) return undefined
  return type === 'register'
    ? { type, channelId, key: textOr(frame['key'], undefined) }
    : { type, channelId, code: numberOr(frame['code'], 200) }
}

function parseAck(value: unknown): ClientFrame | undefined {
  if (!Array.isArray(value)) return undefined
  const entries: readonly unknown[] = value
  const updates: AckUpdate[] = []
  for (const entry of entries) {
    if (!isObject(entry)) return undefined
    const channelId = textOr(entry['channelID'], undefined)
    const version = textOr(entry['version'], undefined)
    if (channelId === undefined || version === undefined) return undefined
    updates.push({ channelId, version, code: numberOr(entry['code'], 100) })
  }
  return { type: 'ack', updates }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    // Not JSON, so not a frame: the session closes the socket.
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOr<T>(value: unknown, otherwise: T): string | T {
  return typeof value === 'string' ? value : otherwise
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise
}
