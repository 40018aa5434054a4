import type { Capabilities } from './capabilities.ts'

/** Apple takes no longer `collapseId`. */
const mostBytes = 64

/** Names the notification of a call or conversation on a phone; ids of ours are seen in it, long ones of others hashed. */
export function expoTag(
  capabilities: Pick<Capabilities, 'topic'>,
  kind: 'call' | 'chat',
  subjectId: string,
): string {
  const plain = `${kind}-${subjectId}`
  if (Buffer.byteLength(plain) <= mostBytes) return plain
  return `${kind}-${capabilities.topic(kind, subjectId)}`
}
