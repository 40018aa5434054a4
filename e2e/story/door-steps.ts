import type { Page } from 'puppeteer-core'
import type { Account } from './account.ts'
import { byRole } from './find.ts'

/** From whatever page leads to the door, to the list of chats. */
export async function register(page: Page, url: string, account: Account): Promise<void> {
  await page.goto(`${url}/register`)
  await byRole(page, 'textbox', 'Name').fill(account.displayName)
  await byRole(page, 'textbox', 'Username').fill(account.username)
  // A password field has no role of its own.
  await page.locator('input[type="password"]').fill(account.password)
  await byRole(page, 'button', 'Register').click()
  await atHome(page)
}

export async function signIn(page: Page, url: string, account: Account): Promise<void> {
  await page.goto(`${url}/sign-in`)
  await byRole(page, 'textbox', 'Username').fill(account.username)
  await page.locator('input[type="password"]').fill(account.password)
  await byRole(page, 'button', 'Sign in').click()
  await atHome(page)
}

/** Resolves at the door. */
export async function signOut(page: Page, account: Account): Promise<void> {
  await byRole(page, 'button', account.displayName).click()
  await byRole(page, 'menuitem', 'Sign out').click()
  await byRole(page, 'button', 'Sign in').wait()
}

async function atHome(page: Page): Promise<void> {
  await byRole(page, 'heading', 'Chats').wait()
}
