import * as z from 'zod'

/**
 * What somebody wrote: at most `longest` characters, which are code points and not UTF-16 units, so
 * that an emoji is one, as JSON Schema's `maxLength` counts too.
 */
export function longText(longest: number) {
  return z
    .string()
    .refine(
      (text) => text.length <= longest || Array.from(text).length <= longest,
      `must be at most ${longest} characters`,
    )
    .meta({ maxLength: longest })
}
