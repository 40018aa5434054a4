import { decodeBase64url, encodeBase64url } from './base64url.ts'

/** What a Location must say for a DELETE to find the message, without an index of every message ever sent. */
export interface MessageId {
  readonly uaid: string
  readonly channelId: string
  readonly topic: string | undefined
}

/** `nonce` makes it unique. */
export function encodeMessageId(id: MessageId, nonce: Uint8Array): string {
  const fields = [id.uaid, id.channelId, encodeBase64url(nonce), id.topic ?? '']
  return encodeBase64url(Buffer.from(fields.join(':')))
}

/** Undefined for an id that this service never gave out. */
export function decodeMessageId(text: string): MessageId | undefined {
  const [uaid, channelId, nonce, topic] = decodeBase64url(text)?.toString('utf8').split(':') ?? []
  if (uaid === undefined || channelId === undefined) return undefined
  if (nonce === undefined || topic === undefined) return undefined
  return { uaid, channelId, topic: topic === '' ? undefined : topic }
}
