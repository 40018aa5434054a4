import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateVapidKeys, type VapidKeys } from '@belfry/web-push'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { closeAfterTest } from './support/close-after-test.ts'
import { missingTools } from './support/missing-tools.ts'
import { newAccount } from './story/account.ts'
import { registerByApi, type ApiPerson } from './story/api-person.ts'
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
import { ringableBob } from './story/second-person.ts'
import { startStoryRig, type StoryRig } from './story/story-rig.ts'

describe.for(browserFamilies)('a stock $name', async (family) => {
  const missing = await missingTools(family.tools)
  let rig: StoryRig
  let ana: ApiPerson

  beforeAll(async () => {
    if (missing.length > 0) return undefined
    rig = await startStoryRig(family)
    ana = await registerByApi(rig.belfry.url, newAccount('Ana'))
    return () => rig.close()
  })

  afterEach(() => {
    for (const { id } of rig?.desktop.open() ?? []) rig.desktop.dismiss(id)
  })

  test('is turned on in the settings, and the desktop shows the test notification', async ({
    skip,
  }) => {
    skip(missing.length > 0, missing.join('; '))
    const { belfry, desktop } = rig
    const { user } = (await closeAfterTest(rig.openBrowser())).now()
    await user.setNotifications(belfry.url, 'granted')
    const page = await user.newPage()
    await register(page, belfry.url, newAccount('Bob'))
    await openNotificationSettings(page)
    await enableNotifications(page)
    const shown = nextTitled(desktop, 'This is how a message looks')
    await sendTestNotification(page)
    expect(await shown).toMatchObject({ appName: family.name })
    await byText(page, 'On in this browser.').wait()
  })

  test('that was closed when somebody wrote shows it when it is back', async ({ skip }) => {
    skip(missing.length > 0, missing.join('; '))
    const browser = await closeAfterTest(rig.openBrowser())
    const bob = await ringableBob(rig, browser)
    const { id } = await ana.conversationWith(bob.api.user)
    await browser.quit()
    const accepted = rig.push.nextAccepted()
    await ana.write(id, 'see you at eight?')
    await accepted

    const shown = nextTitled(rig.desktop, 'Ana')
    await browser.reopen()
    expect(bodyOf(await shown)).toBe('see you at eight?')
  })

  test('that may not show notifications any more answers 410, and the device is forgotten', async ({
    skip,
  }) => {
    skip(missing.length > 0, missing.join('; '))
    const { belfry, push } = rig
    const browser = await closeAfterTest(rig.openBrowser())
    const bob = await ringableBob(rig, browser)
    const { id } = await ana.conversationWith(bob.api.user)
    const [device] = await bob.api.devices()
    const elsewhere = await (await browser.now().elsewhere()).newPage()
    await signIn(elsewhere, belfry.url, bob.account)
    await openNotificationSettings(elsewhere)
    await byRole(elsewhere, 'button', `Test ${device?.deviceName}`).wait()

    const unsubscribed = push.nextUnsubscribed()
    await bob.user().setNotifications(belfry.url, 'denied')
    await unsubscribed
    const refused = push.nextAnswered(410)
    await ana.write(id, 'are you there?')
    await refused

    await elsewhere.bringToFront()
    await byText(elsewhere, 'No device rings for you yet.').wait()
    expect(await bob.api.devices()).toEqual([])
  })

  test('is not pushed to any more once its person signed out', async ({ skip }) => {
    skip(missing.length > 0, missing.join('; '))
    const { belfry, desktop, push } = rig
    const bob = await ringableBob(rig, await closeAfterTest(rig.openBrowser()))
    const shown = nextTitled(desktop, 'Ana')
    const { id } = await ana.conversationWith(bob.api.user)
    await ana.write(id, 'still there?')
    await shown

    const page = await bob.user().newPage(`${belfry.url}/chats`)
    const unsubscribed = push.nextUnsubscribed()
    await signOut(page, bob.account)
    await unsubscribed
    expect(await bob.api.devices()).toEqual([])
    expect(titles(desktop)).toEqual([])
  })

  test('subscribes anew at its next start when the server has new keys, without being asked', async ({
    skip,
  }) => {
    skip(missing.length > 0, missing.join('; '))
    const { belfry, desktop } = rig
    const [older, newer] = [generateVapidKeys(), generateVapidKeys()]
    await belfry.stop()
    await operatorSets(rig, { now: older, before: [] })
    await belfry.restart()
    const bob = await ringableBob(rig, await closeAfterTest(rig.openBrowser()))
    const { id } = await ana.conversationWith(bob.api.user)
    await belfry.stop()
    await operatorSets(rig, { now: newer, before: [older] })
    await belfry.restart()

    const byTheOldKey = nextTitled(desktop, 'Ana')
    await ana.write(id, 'before you looked in')
    desktop.dismiss((await byTheOldKey).id)

    const ear = await closeAfterTest(listenRealtime(belfry.url, bob.api.token))
    const registered = ear.nextDeviceChange(({ change }) => change === 'registered')
    const [before] = await bob.api.devices()
    const page = await bob.user().newPage(`${belfry.url}/chats`)
    await registered
    expect(await page.evaluate(subscribedKey)).toBe(newer.publicKey)
    await bob.closeTabs()

    const byTheNewKey = nextTitled(desktop, 'Ana')
    await ana.write(id, 'and after')
    expect(bodyOf(await byTheNewKey)).toBe('and after')
    expect((await bob.api.devices()).map((device) => device.id)).toEqual([before?.id])
  })
})

/** As an operator does: in the `.env` beside the server. */
async function operatorSets(
  { belfry }: StoryRig,
  keys: { readonly now: VapidKeys; readonly before: readonly VapidKeys[] },
): Promise<void> {
  const previous = keys.before.map(({ publicKey, privateKey }) => `${publicKey}:${privateKey}`)
  await writeFile(
    join(belfry.dataDir, '.env'),
    [
      `VAPID_PUBLIC_KEY=${keys.now.publicKey}`,
      `VAPID_PRIVATE_KEY=${keys.now.privateKey}`,
      `VAPID_PREVIOUS_KEYS=${previous.join(',')}`,
    ].join('\n'),
  )
}

/** The public key that this browser's subscription was made with, base64url. */
const subscribedKey = `(async () => {
  const { pushManager } = await navigator.serviceWorker.ready
  const { options } = await pushManager.getSubscription()
  return new Uint8Array(options.applicationServerKey).toBase64({ alphabet: 'base64url', omitPadding: true })
})()`
