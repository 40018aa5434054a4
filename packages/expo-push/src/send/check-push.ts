import { ExpoPushError } from '../expo-push-error.ts'
import type { ExpoPush } from './sender.ts'

/** The longest Node timer; also more seconds than anybody keeps a message. */
const LARGEST = 2 ** 31 - 1

/**
 * Holds a push to what can be known before anything is sent.
 *
 * @returns The message as JSON: what cannot be written must not spoil the request of others.
 * @throws ExpoPushError `TTL_INVALID`, `DEADLINE_INVALID`, `MESSAGE_INVALID`
 */
export function checkPush({ message, deadlineMs }: ExpoPush): string {
  const { ttl } = message
  if (ttl !== undefined && !(Number.isInteger(ttl) && ttl >= 0 && ttl <= LARGEST)) {
    throw new ExpoPushError('TTL_INVALID', `ttl must be a whole number of seconds >= 0, got ${ttl}`)
  }
  if (deadlineMs !== undefined && !(deadlineMs > 0 && deadlineMs <= LARGEST)) {
    throw new ExpoPushError('DEADLINE_INVALID', `deadlineMs must be above 0, got ${deadlineMs}`)
  }
  try {
    return JSON.stringify(message)
  } catch (cause) {
    const what = 'The message must be writable as JSON: look for a circle or a bigint in its data'
    throw new ExpoPushError('MESSAGE_INVALID', what, { cause })
  }
}
