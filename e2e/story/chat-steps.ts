import type { Page } from 'puppeteer-core'
import type { Account } from './account.ts'
import { byRole } from './find.ts'

/** From the list of chats. Resolves with the address of the conversation. */
export async function startConversation(page: Page, other: Account): Promise<string> {
  await byRole(page, 'button', 'New conversation').click()
  await page.locator('[role="dialog"] input').fill(other.username)
  await page
    .locator(`::-p-xpath(//*[@role="option"][contains(., ${quoted(other.username)})])`)
    .click()
  await byRole(page, 'button', 'Start').click()
  await byRole(page, 'heading', other.displayName).wait()
  return page.url()
}

/** In an open conversation; `shortName` is how the field calls the other one. */
export async function write(page: Page, shortName: string, text: string): Promise<void> {
  await byRole(page, 'textbox', `Message ${shortName}`).fill(text)
  await page.keyboard.press('Enter')
  await messageIsShown(page, text)
}

/** In the open conversation, not in the list beside it. */
export async function messageIsShown(page: Page, text: string): Promise<void> {
  await page.locator(`::-p-xpath(//*[@role="log"]//p[contains(., ${quoted(text)})])`).wait()
}

function quoted(text: string): string {
  return JSON.stringify(text)
}
