import * as z from 'zod'

/**
 * A name or title: one line of at most `longest` characters, trimmed. No control characters (a title
 * may end up in a header or a log line) and no half of a surrogate pair (it cannot be sent as UTF-8).
 */
export function line(longest: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'must be one line, without control characters')
}
