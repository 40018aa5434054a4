import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { closeAfterTest } from './support/close-after-test.ts'
import { missingTools } from './support/missing-tools.ts'
import { newAccount } from './story/account.ts'
import { registerByApi, signInByApi, type ApiPerson } from './story/api-person.ts'
import { browserFamilies } from './story/browser-family.ts'
import { bodyOf, nextTitled, titles } from './story/desktop-steps.ts'
import { register, signIn, signOut } from './story/door-steps.ts'
import { byRole, byText } from './story/find.ts'
import {
  enableNotifications,
  openNotificationSettings,
  sendTestNotification,
} from './story/notification-steps.ts'
import { listenRealtime } from './story/realtime-ear.ts'
import { rotateVapidKeys } from './story/rotate-vapid-keys.ts'
import { startStoryRig, type StoryBrowser, type StoryRig } from './story/story-rig.ts'

// One person's browser through its life: the tests go on from each other.
describe.for(browserFamilies)('a stock $name', async (family) => {
  const missing = await missingTools(family.tools)
  const account = newAccount('Bob')
  let rig: StoryRig
  let browser: StoryBrowser
  let ana: ApiPerson
  let bob: ApiPerson
  let conversationId: string

  beforeAll(async () => {
    if (missing.length > 0) return undefined
    rig = await startStoryRig(family)
    browser = await rig.openBrowser()
    ana = await registerByApi(rig.belfry.url, newAccount('Ana'))
    return async () => {
      await browser.close()
      await rig.close()
    }
  })

  afterEach(async () => {
    for (const { id } of rig?.desktop.open() ?? []) rig.desktop.dismiss(id)
    await browser?.now().user.closePages(rig.belfry.url)
  })

  test('is turned on in the settings, and the desktop shows the test notification', async ({
    skip,
  }) => {
    skip(missing.length > 0, missing.join('; '))
    const { belfry, desktop } = rig
    const { user } = browser.now()
    await user.setNotifications(belfry.url, 'granted')
    const page = await user.newPage()
    await register(page, belfry.url, account)
    await openNotificationSettings(page)
    await enableNotifications(page)
    const shown = nextTitled(desktop, 'This is how a message looks')
    await sendTestNotification(page)
    expect(await shown).toMatchObject({ appName: family.name })
    await byText(page, 'On in this browser.').wait()

    bob = await signInByApi(belfry.url, account)
    conversationId = (await ana.conversationWith(bob.user)).id
  })

  test('that was closed when somebody wrote shows it when it is back', async ({ skip }) => {
    skip(missing.length > 0, missing.join('; '))
    await browser.quit()
    const accepted = rig.push.nextAccepted()
    await ana.write(conversationId, 'see you at eight?')
    await accepted

    const shown = nextTitled(rig.desktop, 'Ana')
    await browser.reopen()
    expect(bodyOf(await shown)).toBe('see you at eight?')
  })

  test('subscribes anew at its next start when the server has new keys, without being asked', async ({
    skip,
  }) => {
    skip(missing.length > 0, missing.join('; '))
    const { belfry, desktop } = rig
    await belfry.stop()
    const newKey = await rotateVapidKeys(belfry)
    await belfry.restart()

    const byTheOldKey = nextTitled(desktop, 'Ana')
    await ana.write(conversationId, 'before you looked in')
    expect(bodyOf(await byTheOldKey)).toBe('before you looked in')

    const [before] = await bob.devices()
    const ear = await closeAfterTest(listenRealtime(belfry.url, bob.token))
    const registered = ear.nextDeviceChange(({ change }) => change === 'registered')
    const page = await browser.now().user.newPage(`${belfry.url}/chats`)
    await registered
    expect(await page.evaluate(subscribedKey)).toBe(newKey)
    await page.close()

    const byTheNewKey = nextTitled(desktop, 'Ana')
    await ana.write(conversationId, 'and after')
    expect(bodyOf(await byTheNewKey)).toBe('and after')
    expect((await bob.devices()).map(({ id }) => id)).toEqual([before?.id])
  })

  test('is not pushed to any more once its person signed out', async ({ skip }) => {
    skip(missing.length > 0, missing.join('; '))
    const { belfry, desktop, push } = rig
    const shown = nextTitled(desktop, 'Ana')
    await ana.write(conversationId, 'still there?')
    const { id } = await shown

    const page = await browser.now().user.newPage(`${belfry.url}/chats`)
    const unsubscribed = push.nextUnsubscribed()
    // The next person at this browser does not see what was left on the screen.
    const closed = desktop.waitForClosed((notification) => notification.id === id)
    await signOut(page, account)
    await Promise.all([unsubscribed, closed])
    expect(await bob.devices()).toEqual([])
    expect(titles(desktop)).not.toContain('Ana')
  })

  test('that may not show notifications any more answers 410, and the device is forgotten', async ({
    skip,
  }) => {
    skip(missing.length > 0, missing.join('; '))
    const { belfry, push } = rig
    const { user, elsewhere } = browser.now()
    const page = await user.newPage()
    await signIn(page, belfry.url, account)
    await openNotificationSettings(page)
    await enableNotifications(page)
    await page.close()
    const [device] = await bob.devices()
    const other = await (await elsewhere()).newPage()
    await signIn(other, belfry.url, account)
    await openNotificationSettings(other)
    await byRole(other, 'button', `Test ${device?.deviceName}`).wait()

    const unsubscribed = push.nextUnsubscribed()
    await user.setNotifications(belfry.url, 'denied')
    await unsubscribed
    const refused = push.nextAnswered(410)
    await ana.write(conversationId, 'are you there?')
    await refused

    await other.bringToFront()
    await byText(other, 'No device rings for you yet.').wait()
    expect(await bob.devices()).toEqual([])
    await other.close()
  })
})

/** The public key that this browser's subscription was made with, base64url. */
const subscribedKey = `(async () => {
  const { pushManager } = await navigator.serviceWorker.ready
  const { options } = await pushManager.getSubscription()
  return new Uint8Array(options.applicationServerKey).toBase64({ alphabet: 'base64url', omitPadding: true })
})()`
