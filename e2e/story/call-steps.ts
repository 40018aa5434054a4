import type { Page } from 'puppeteer-core'
import { byRole, byText } from './find.ts'

/** In an open conversation. Resolves with the session id of the call that this page is now at. */
export async function startCall(page: Page, media: 'audio' | 'video'): Promise<string> {
  await byRole(page, 'button', media === 'video' ? 'Video call' : 'Call').click()
  await byRole(page, 'button', 'Hang up').wait()
  const [, sessionId = ''] = /\/calls\/([^/?]+)$/.exec(page.url()) ?? []
  return sessionId
}

/** The caller's page says on what the ring is shown: the device's own word, not the push service's. */
export async function ringIsShownOn(page: Page, deviceName: string): Promise<void> {
  await byText(page, `Ringing on ${deviceName}`).wait()
}

export async function hangUp(page: Page): Promise<void> {
  await byRole(page, 'button', 'Hang up').click()
}

/** By the card that rings in a page. */
export async function answerInPage(page: Page): Promise<void> {
  await page.locator('[role="alertdialog"] ::-p-aria([name="Answer"][role="button"])').click()
}
