import type { PushMessage } from './sender.ts'

/** The header fields of one push (RFC 8030 section 5, RFC 8291 section 4, RFC 8292 section 3). */
export function pushHeaders(
  { ttlSeconds, urgency, topic }: PushMessage,
  { url, authorization }: { readonly url: URL; readonly authorization: string },
): Record<string, string> {
  const headers: Record<string, string> = {
    TTL: String(ttlSeconds),
    Urgency: urgency,
    'Content-Encoding': 'aes128gcm',
    'Content-Type': 'application/octet-stream',
    Authorization: authorization,
  }
  if (topic !== undefined) headers.Topic = topic
  if (url.hostname.endsWith('.notify.windows.com')) {
    // WNS answers 400 when this contradicts the TTL.
    headers['X-WNS-Cache-Policy'] = ttlSeconds > 0 ? 'cache' : 'no-cache'
  }
  return headers
}
