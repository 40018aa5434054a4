import * as z from 'zod'

/** An opaque identifier: 1 to 255 characters, no control characters. A person's id is the token's `sub`. */
export const id = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'must not hold control characters')

/** An instant in ISO 8601 with a zone, e.g. `2026-11-21T10:00:00.000Z`. */
export const instant = z.iso.datetime({ offset: true })

/** A path of the app (`/chats/…`), never an absolute or protocol-relative address. */
export const appPath = z
  .string()
  .max(1024)
  .regex(/^\/(?![/\\])[^\s\\]*$/, 'must be a path such as /chats/…')
