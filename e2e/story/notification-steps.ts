import type { Page } from 'puppeteer-core'
import { byRole, byText } from './find.ts'

/** By the rail, as a person goes. */
export async function openNotificationSettings(page: Page): Promise<void> {
  await byRole(page, 'link', 'Settings').click()
  await byRole(page, 'heading', 'Devices').wait()
}

/** On the settings page. Resolves once this browser is saved on the server. */
export async function enableNotifications(page: Page): Promise<void> {
  await byRole(page, 'button', 'Enable notifications').click()
  // The first subscription of a Chromium's profile takes two to six seconds.
  await byRole(page, 'button', 'Send test notification').setTimeout(20_000).wait()
}

/** On the settings page, and resolves when the page says that this device showed it. */
export async function sendTestNotification(page: Page): Promise<void> {
  await byRole(page, 'button', 'Send test notification').click()
  await byText(page, 'The test notification was shown on this device.').wait()
}
