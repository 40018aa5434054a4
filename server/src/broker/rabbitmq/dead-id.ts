import { createHash } from 'node:crypto'

/** What names a dead message. A foreign publisher may name nothing, or what no URL can carry: then its body does. */
export function deadId(messageId: unknown, body: Buffer): string {
  if (typeof messageId === 'string' && /^[\w-]{1,64}$/.test(messageId)) return messageId
  return createHash('sha256').update(body).digest('hex').slice(0, 32)
}
