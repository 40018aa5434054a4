import type { ExpoMessage } from './expo-message.ts'

/** What Apple and Google take for one notification, as Expo documents it. */
export const maxPayloadBytes = 4096

/** Told to Apple and Google in headers, not in the payload. */
const besides = new Set(['to', 'ttl', 'expiration', 'priority', 'collapseId'])

/**
 * Size of what goes to the device: the message and what Expo puts around it. How Expo counts is not
 * documented; this is the JSON of both, near the limit a few bytes off either way.
 */
export function payloadBytes(message: ExpoMessage, projectId: string): number {
  const inside = Object.entries(message).filter(([name]) => !besides.has(name))
  const wrapped = { ...Object.fromEntries(inside), experienceId: projectId, scopeKey: projectId }
  return Buffer.byteLength(JSON.stringify(wrapped))
}
