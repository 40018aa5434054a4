import type { Page } from 'puppeteer-core'

/** One way the app is looked at. */
export interface Appearance {
  readonly form: 'desktop' | 'phone'
  readonly scheme: 'light' | 'dark'
}

const sizes = {
  desktop: { width: 1440, height: 900, deviceScaleFactor: 1 },
  phone: { width: 390, height: 844, deviceScaleFactor: 2 },
} as const

export const appearances: readonly Appearance[] = [
  { form: 'desktop', scheme: 'light' },
  { form: 'desktop', scheme: 'dark' },
  { form: 'phone', scheme: 'light' },
  { form: 'phone', scheme: 'dark' },
]

/** Chromium only. What moves in has come to rest, so that it is seen, and measured, as it stays. */
export async function lookAs(page: Page, { form, scheme }: Appearance): Promise<void> {
  await page.setViewport(sizes[form])
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: scheme },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ])
  await page.evaluate(AT_REST)
}

/** Two frames: one in which React hears of the new width, one in which it has drawn. */
const AT_REST = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  .then(() => document.getAnimations().filter((each) => each.effect.getComputedTiming().endTime < Infinity))
  .then((ending) => Promise.allSettled(ending.map((each) => each.finished)))
  .then(() => document.fonts.ready)
  .then(() => undefined)`
