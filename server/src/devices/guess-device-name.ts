const browsers: ReadonlyArray<readonly [RegExp, string]> = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bCriOS\/|\bChrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const systems: ReadonlyArray<readonly [RegExp, string]> = [
  [/\bAndroid\b/, 'Android'],
  [/\biPad\b/, 'iPad'],
  [/\biPhone\b/, 'iPhone'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]

/** What a phone is called whose app does not say: "Android phone", "iPhone", "iPad", "Phone". */
export function guessPhoneName(platform: 'android' | 'ios' | null, userAgent: string): string {
  if (platform === 'android') return 'Android phone'
  if (platform === 'ios') return /\biPad\b/.test(userAgent) ? 'iPad' : 'iPhone'
  return 'Phone'
}

/** "Firefox, Linux" from a User-Agent; "A browser" when it says nothing. */
export function guessDeviceName(userAgent: string): string {
  const browser = browsers.find(([pattern]) => pattern.test(userAgent))?.[1]
  const system = systems.find(([pattern]) => pattern.test(userAgent))?.[1]
  if (browser === undefined) return system ?? 'A browser'
  return system === undefined ? browser : `${browser}, ${system}`
}
