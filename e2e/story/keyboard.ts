import type { Page } from 'puppeteer-core'

/** What has the focus, as a person without a pointer knows it. */
interface Focused {
  readonly name: string
  /** An outline is drawn around it, in it, or around what it stands in; the app has no other. */
  readonly isSeen: boolean
}

/** Far more than any page of the app has places to stop at. */
const mostStops = 60

/** Presses Tab until that has the focus; every stop on the way must be visible to be at. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = []
  for (let stop = 0; stop < mostStops; stop += 1) {
    await page.keyboard.press('Tab')
    const focused = await focusedNow(page)
    if (focused === null) continue
    if (!focused.isSeen) throw new Error(`nothing shows that "${focused.name}" has the focus`)
    if (focused.name === name) return
    passed.push(focused.name)
  }
  throw new Error(`Tab never came to "${name}", only to: ${passed.join(' | ')}`)
}

/** Tabs to it and presses Enter. */
export async function enterOn(page: Page, name: string): Promise<void> {
  await tabTo(page, name)
  await page.keyboard.press('Enter')
}

/** Tabs to the field and types. */
export async function typeInto(page: Page, name: string, text: string): Promise<void> {
  await tabTo(page, name)
  await page.keyboard.type(text)
}

async function focusedNow(page: Page): Promise<Focused | null> {
  const found: unknown = await page.evaluate(FOCUSED)
  if (typeof found !== 'object' || found === null) return null
  if (!('name' in found) || !('isSeen' in found)) return null
  return { name: String(found.name), isSeen: found.isSeen === true }
}

const FOCUSED = `(() => {
  const element = document.activeElement
  if (element === null || element === document.body) return null
  const isOutlined = (each) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(each)
    return outlineStyle !== 'none' && outlineWidth !== '0px'
  }
  const label = element.labels?.[0]?.innerText
  const name = element.getAttribute('aria-label') ?? label ?? element.innerText ?? ''
  const around = [element.parentElement, element.parentElement?.parentElement].filter(Boolean)
  const isSeen = [element, ...element.children, ...around].some(isOutlined)
  return { name: name.trim(), isSeen }
})()`
