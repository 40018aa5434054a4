import * as z from 'zod'
import { someVisible } from './visible.ts'

/**
 * A name or title: one line of at most `longest` characters, trimmed, of which one can be seen. No
 * control characters (a title may end up in a header or a log line), none that turn the
 * direction of the words around it (UAX #9 §2), and no half of a surrogate pair (it cannot be sent as UTF-8).
 */
export function line(longest: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .regex(
      /^[^\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]+$/u,
      'must be one line, without control characters, also those of direction',
    )
    .regex(someVisible, 'must hold a character that can be seen')
}
