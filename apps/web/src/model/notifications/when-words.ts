const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

export interface WhenOptions {
  readonly nowMs: number
  /** A language tag, such as `en-GB`. The words around it are English, so others are read as `en`. */
  readonly locale: string
  /** IANA name; the device's own when absent. */
  readonly timeZone?: string
}

/** "just now", "2 minutes ago", "today at 13:58", "yesterday at 18:03", "on Tuesday", "on 11 November". */
export function whenWords(atMs: number, options: WhenOptions): string {
  const sinceMs = options.nowMs - atMs
  if (sinceMs < minuteMs) return 'just now'
  if (sinceMs < hourMs) return count(Math.floor(sinceMs / minuteMs), 'minute')
  const days = dayNumber(options.nowMs, options) - dayNumber(atMs, options)
  const clock = format(atMs, options, { hour: '2-digit', minute: '2-digit' })
  if (days === 0) return `today at ${clock}`
  if (days === 1) return `yesterday at ${clock}`
  if (days < 7) return `on ${format(atMs, options, { weekday: 'long' })}`
  if (sinceMs < 300 * dayMs) return `on ${format(atMs, options, { day: 'numeric', month: 'long' })}`
  return `on ${format(atMs, options, { day: 'numeric', month: 'long', year: 'numeric' })}`
}

function count(n: number, unit: string): string {
  return `${n} ${unit}${n === 1 ? '' : 's'} ago`
}

function format(atMs: number, options: WhenOptions, parts: Intl.DateTimeFormatOptions): string {
  const locale = /^en\b/i.test(options.locale) ? options.locale : 'en-GB'
  return new Intl.DateTimeFormat(locale, { ...parts, timeZone: options.timeZone }).format(atMs)
}

/** Days since the epoch, by the calendar of the time zone: midnight parts them, not 24 hours. */
function dayNumber(atMs: number, options: WhenOptions): number {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: options.timeZone }).format(atMs)
  return Math.round(Date.parse(`${parts}T00:00:00Z`) / dayMs)
}
