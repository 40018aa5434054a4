import { shorten } from './shorten.ts'

export interface Fitting<Written> {
  /** Puts the words where the channel wants them. */
  readonly write: (title: string, body: string) => Written
  readonly bytesOf: (written: Written) => number
  readonly maxBytes: number
}

/** As much of the words as fits: the body is shortened first, then the title. Never without a title. */
export function fitWords<Written>(
  words: { readonly title: string; readonly body: string },
  { write, bytesOf, maxBytes }: Fitting<Written>,
): Written {
  const fits = (title: string, body: string) => bytesOf(write(title, body)) <= maxBytes
  // A character takes at least one byte: more than `maxBytes` of them never fit, so the search starts there.
  const wholeTitle = words.title.slice(0, maxBytes).toWellFormed() || '…'
  const wholeBody = words.body.slice(0, maxBytes).toWellFormed()
  const whole = write(wholeTitle, wholeBody)
  if (bytesOf(whole) <= maxBytes) return whole
  const body = shorten(wholeBody, (text) => fits(wholeTitle, text))
  if (body !== '') return write(wholeTitle, body)
  const title = shorten(wholeTitle, (text) => fits(text, ''))
  return write(title === '' ? '…' : title, '')
}
