import { newAccount, type Account } from './account.ts'
import { signInByApi, type ApiPerson } from './api-person.ts'
import type { BrowserUser } from '../support/browser-user.ts'
import { register } from './door-steps.ts'
import { enableNotifications, openNotificationSettings } from './notification-steps.ts'
import type { StoryBrowser, StoryRig, StoryServer } from './story-rig.ts'

/** Who is rung: at a browser of their own, with notifications on and every tab closed. */
export interface SecondPerson {
  readonly account: Account
  readonly browser: StoryBrowser
  /** Of the browser that runs now. */
  readonly user: () => BrowserUser
  /** What the server knows of them. */
  readonly api: ApiPerson
  readonly closeTabs: () => Promise<void>
}

/** Registers in the page, turns notifications on in the settings, and closes the tab. */
export async function ringableBob(
  rig: StoryRig<StoryServer>,
  browser: StoryBrowser,
): Promise<SecondPerson> {
  const { belfry } = rig
  const account = newAccount('Bob')
  const user = (): BrowserUser => browser.now().user
  await user().setNotifications(belfry.url, 'granted')
  const page = await user().newPage()
  await register(page, belfry.url, account)
  await openNotificationSettings(page)
  await enableNotifications(page)
  await user().closePages(belfry.url)
  return {
    account,
    browser,
    user,
    api: await signInByApi(belfry.url, account),
    closeTabs: () => user().closePages(belfry.url),
  }
}
