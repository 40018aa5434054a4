/** How instants are written. All take milliseconds since the epoch. */
export interface Times {
  /** `14:06`, as the locale writes it. */
  clock(atMs: number): string
  /** For a row of a list: the time today, then *Yesterday*, the weekday within a week, the date. */
  row(atMs: number, nowMs: number): string
  /** For the line between two days of messages. */
  dayLine(atMs: number, nowMs: number): string
  /** The whole date and time, for who asks. */
  full(atMs: number): string
  /** The same for two instants of one day. */
  dayKey(atMs: number): string
}

export interface TimesOptions {
  /** The browser's without it. */
  readonly locale?: string | undefined
  readonly timeZone?: string | undefined
}

const dayMs = 86_400_000

/** Formatters are dear to make (tens of microseconds), so they are made once. */
export function createTimes({ locale, timeZone }: TimesOptions = {}): Times {
  const make = (options: Intl.DateTimeFormatOptions, inLocale = locale) =>
    new Intl.DateTimeFormat(inLocale, timeZone === undefined ? options : { ...options, timeZone })
  const clock = make({ timeStyle: 'short' })
  const weekday = make({ weekday: 'short' })
  const short = make({ day: 'numeric', month: 'short' })
  const shortYear = make({ day: 'numeric', month: 'short', year: 'numeric' })
  const long = make({ weekday: 'long', day: 'numeric', month: 'long' })
  const longYear = make({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
  const full = make({ dateStyle: 'full', timeStyle: 'short' })
  // Sweden writes dates as ISO 8601 does.
  const iso = make({ dateStyle: 'short' }, 'sv-SE')
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })

  const dayKey = (atMs: number) => iso.format(atMs)
  const isSameYear = (one: number, other: number) =>
    dayKey(one).slice(0, 4) === dayKey(other).slice(0, 4)
  const daysBetween = (atMs: number, nowMs: number) =>
    Math.round((Date.parse(dayKey(nowMs)) - Date.parse(dayKey(atMs))) / dayMs)
  const relativeDay = (days: number) => {
    const words = relative.format(-days, 'day')
    return words.charAt(0).toLocaleUpperCase(locale) + words.slice(1)
  }

  return {
    clock: (atMs) => clock.format(atMs),
    full: (atMs) => full.format(atMs),
    dayKey,
    row(atMs, nowMs) {
      const days = daysBetween(atMs, nowMs)
      if (days <= 0) return clock.format(atMs)
      if (days === 1) return relativeDay(1)
      if (days < 7) return weekday.format(atMs)
      return (isSameYear(atMs, nowMs) ? short : shortYear).format(atMs)
    },
    dayLine(atMs, nowMs) {
      const days = daysBetween(atMs, nowMs)
      if (days === 0 || days === 1) return relativeDay(days)
      return (isSameYear(atMs, nowMs) ? long : longYear).format(atMs)
    },
  }
}
