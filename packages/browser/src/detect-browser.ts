/** Which browser this is: for words on the screen, never to decide what works. */
export interface BrowserDescription {
  /** `Firefox`, `Chrome`, `Edge`, `Safari`, `Opera`, `Samsung Internet`, `Brave`; `Browser` when it says nothing. */
  readonly name: string
  /** `Linux`, `Windows`, `macOS`, `Android`, `iOS`, `iPadOS`, `ChromeOS`; empty when it says nothing. */
  readonly os: string
  readonly mobile: boolean
  /** `Firefox, Linux`: the device's name until its owner gives it a better one. */
  readonly label: string
}

/** The order matters: nearly every browser also claims to be Safari, and most to be Chrome. */
const names: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(A|iOS)?\//, 'Edge'],
  [/\bOPR\/|\bOPT\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/Chrom(e|ium)\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]

const systems: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPad\b/, 'iPadOS'],
  [/\biP(hone|od)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]

export interface BrowserTraits {
  readonly userAgent: string
  readonly maxTouchPoints: number
  readonly isBrave: boolean
}

/** Reads the browser off its user agent. An iPad calls itself a Mac; no Mac has a touch screen. */
export function detectBrowser({
  userAgent,
  maxTouchPoints,
  isBrave,
}: BrowserTraits): BrowserDescription {
  const find = (table: typeof names) => table.find(([pattern]) => pattern.test(userAgent))?.[1]
  const name = isBrave ? 'Brave' : (find(names) ?? 'Browser')
  const found = find(systems) ?? ''
  const os = found === 'macOS' && maxTouchPoints > 1 ? 'iPadOS' : found
  const mobile = ['Android', 'iOS', 'iPadOS'].includes(os)
  return { name, os, mobile, label: os === '' ? name : `${name}, ${os}` }
}
