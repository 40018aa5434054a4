import { Locator, type Page } from 'puppeteer-core'
import { byRole, byText } from './find.ts'

/** By the rail, as a person goes. */
export async function openNotificationSettings(page: Page): Promise<void> {
  await byRole(page, 'link', 'Settings').click()
  await byRole(page, 'heading', 'Devices').wait()
}

/** The app gives the browser's push service 15 s, then says so. */
const timeoutMs = 20_000

/**
 * On the settings page. Resolves once this browser is saved on the server.
 *
 * A fresh Chromium profile says its first word to Google after 2 to 20 s (its own start-up work has
 * the lowest priority there is). When the app has given up by then, the person presses again, as the
 * page asks them to.
 *
 * @param press how the person presses *Enable notifications*; by the pointer when absent
 */
export async function enableNotifications(
  page: Page,
  press: () => Promise<void> = () => byRole(page, 'button', 'Enable notifications').click(),
): Promise<void> {
  await press()
  if (await isEnabled(page)) return
  await press()
  if (await isEnabled(page)) return
  throw new Error('the push service of the browser answered neither at once nor at a second try')
}

async function isEnabled(page: Page): Promise<boolean> {
  const isOn = byRole(page, 'button', 'Send test notification').map(() => true)
  const gaveUp = byText(page, 'push service did not answer').map(() => false)
  const settled = Locator.race([isOn, gaveUp]).setTimeout(timeoutMs)
  return (await settled.waitHandle()).jsonValue()
}

/** On the settings page, and resolves when the page says that this device showed it. */
export async function sendTestNotification(page: Page): Promise<void> {
  await byRole(page, 'button', 'Send test notification').click()
  await byText(page, 'The test notification was shown on this device.').wait()
}
