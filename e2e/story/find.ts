import type { Locator, Page } from 'puppeteer-core'

type Role = 'button' | 'checkbox' | 'heading' | 'link' | 'menuitem' | 'option' | 'radio' | 'textbox'

/** By what a screen reader says of it; the name is the whole name. */
export function byRole(page: Page, role: Role, name: string): Locator<Element> {
  return page.locator(`::-p-aria([name=${JSON.stringify(name)}][role="${role}"])`)
}

/** The smallest thing that holds this text. */
export function byText(page: Page, text: string): Locator<Element> {
  return page.locator(`::-p-text(${text})`)
}

/** The call that rings in this page, over whatever else it shows. */
export function ringDialog(page: Page): Locator<Element> {
  return page.locator('[role="alertdialog"]')
}

/** Whether a call rings in this page now. */
export async function rings(page: Page): Promise<boolean> {
  return (await page.$('[role="alertdialog"]')) !== null
}
