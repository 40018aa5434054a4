import { WebPushError } from '../web-push-error.ts'
import type { PushMessage } from './sender.ts'

const URGENCIES: ReadonlySet<string> = new Set(['very-low', 'low', 'normal', 'high'])
/** RFC 8030 section 5.2: receivers need not count further. Also the longest Node timer. */
const LARGEST = 2 ** 31 - 1

/**
 * Holds the header fields of a message to RFC 8030 and to Apple's stricter reading, before
 * anything is sent.
 *
 * @throws WebPushError `TTL_INVALID`, `URGENCY_INVALID`, `TOPIC_INVALID`, `DEADLINE_INVALID`
 */
export function checkMessage({ ttlSeconds, urgency, topic, deadlineMs }: PushMessage): void {
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 0 || ttlSeconds > LARGEST) {
    throw new WebPushError(
      'TTL_INVALID',
      `ttlSeconds must be a whole number >= 0, got ${ttlSeconds}`,
    )
  }
  if (!URGENCIES.has(urgency)) {
    throw new WebPushError(
      'URGENCY_INVALID',
      `urgency must be very-low, low, normal or high, got ${JSON.stringify(urgency)}`,
    )
  }
  // RFC 8030 section 5.4 allows shorter ones, but Apple refuses some lengths: 32 always passes.
  if (topic !== undefined && !/^[A-Za-z0-9_-]{32}$/.test(topic)) {
    throw new WebPushError(
      'TOPIC_INVALID',
      `topic must be 32 characters of base64url, got ${JSON.stringify(topic)}`,
    )
  }
  if (deadlineMs !== undefined && !(deadlineMs > 0 && deadlineMs <= LARGEST)) {
    throw new WebPushError('DEADLINE_INVALID', `deadlineMs must be above 0, got ${deadlineMs}`)
  }
}
