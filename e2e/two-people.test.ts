import type { Page } from 'puppeteer-core'
import { beforeAll, describe, expect, test } from 'vitest'
import type { BrowserUser } from './support/browser-user.ts'
import { missingTools } from './support/missing-tools.ts'
import { actionKey } from './support/shown-notification.ts'
import { newAccount } from './story/account.ts'
import { firefox } from './story/browser-family.ts'
import { hangUp, ringIsShownOn, startCall } from './story/call-steps.ts'
import { messageIsShown, startConversation, write } from './story/chat-steps.ts'
import { bodyOf, nextGone, nextTitled, titles } from './story/desktop-steps.ts'
import { register, signIn } from './story/door-steps.ts'
import { byRole, byText, rings } from './story/find.ts'
import {
  enableNotifications,
  openNotificationSettings,
  sendTestNotification,
} from './story/notification-steps.ts'
import { startStoryRig, type StoryBrowser, type StoryRig } from './story/story-rig.ts'

const missing = await missingTools(firefox.tools)

// Two people at one Firefox, each in a container with storage, worker and subscription of its own.
// The tests go on from each other: it is one evening.
describe('two people, both in a stock Firefox', () => {
  const ana = newAccount('Ana Ferreira')
  const bob = newAccount('Bob Okafor')
  let rig: StoryRig
  let browser: StoryBrowser
  let anasPage: Page
  let bobsUser: BrowserUser

  beforeAll(async () => {
    if (missing.length > 0) return undefined
    rig = await startStoryRig(firefox)
    browser = await rig.openBrowser()
    return async () => {
      await browser.close()
      await rig.close()
    }
  })

  test('register, and the second turns notifications on and closes the tab', async ({ skip }) => {
    skip(missing.length > 0, missing.join('; '))
    const { belfry, desktop } = rig
    bobsUser = await browser.now().elsewhere()
    await bobsUser.setNotifications(belfry.url, 'granted')
    const bobsPage = await bobsUser.newPage()
    await register(bobsPage, belfry.url, bob)
    await openNotificationSettings(bobsPage)
    await enableNotifications(bobsPage)
    const shown = nextTitled(desktop, 'This is how a message looks')
    await sendTestNotification(bobsPage)
    desktop.dismiss((await shown).id)
    await bobsUser.closePages(belfry.url)

    anasPage = await browser.now().user.newPage()
    await register(anasPage, belfry.url, ana)
  })

  test('the first writes, and the second lands in the conversation by a click', async ({
    skip,
  }) => {
    skip(missing.length > 0, missing.join('; '))
    const { belfry, desktop } = rig
    const conversation = await startConversation(anasPage, bob)
    const shown = nextTitled(desktop, 'Ana Ferreira')
    await write(anasPage, 'Bob', 'see you at eight?')
    const notification = await shown
    expect(bodyOf(notification)).toBe('see you at eight?')

    const opened = bobsUser.waitForPage((url) => url === conversation)
    desktop.click(notification.id)
    const bobsPage = await opened
    await messageIsShown(bobsPage, 'see you at eight?')
    await write(bobsPage, 'Ana', 'At eight.')
    await bobsUser.closePages(belfry.url)
    await anasPage.bringToFront()
    await messageIsShown(anasPage, 'At eight.')
  })

  test('the first calls, the second answers on the notification, and both talk until one hangs up', async ({
    skip,
  }) => {
    skip(missing.length > 0, missing.join('; '))
    const { belfry, desktop } = rig
    const shown = nextTitled(desktop, 'Ana Ferreira is calling')
    const sessionId = await startCall(anasPage, 'video')
    const ring = await shown
    await ringIsShownOn(anasPage, 'Firefox, Linux')

    const landing = `${belfry.url}/calls/incoming?sessionId=${sessionId}`
    const opened = bobsUser.waitForPage((url) => url === landing)
    desktop.click(ring.id, actionKey(ring, 'Answer'))
    const bobsPage = await opened
    await byText(bobsPage, 'You answered.').wait()
    expect(titles(desktop)).toEqual([])
    expect(await rings(bobsPage)).toBe(false)

    await anasPage.bringToFront()
    await byText(anasPage, 'Bob answered.').wait()
    await hangUp(anasPage)
    await byText(anasPage, 'Call ended.').wait()
    await bobsPage.bringToFront()
    await byText(bobsPage, 'Call ended.').wait()
    await bobsUser.closePages(belfry.url)
  })

  test('the second, now at two browsers, answers at one, and the other stops ringing', async ({
    skip,
  }) => {
    skip(missing.length > 0, missing.join('; '))
    const { belfry, desktop } = rig
    const bobsOther = await browser.now().elsewhere()
    await bobsOther.setNotifications(belfry.url, 'granted')
    const page = await bobsOther.newPage()
    await signIn(page, belfry.url, bob)
    await openNotificationSettings(page)
    await enableNotifications(page)
    await bobsOther.closePages(belfry.url)

    await anasPage.bringToFront()
    await byRole(anasPage, 'link', 'Message').click()
    const ringTitle = 'Ana Ferreira is calling'
    const both = desktop.waitForNotification(
      () => titles(desktop).filter((title) => title === ringTitle).length === 2,
    )
    await startCall(anasPage, 'audio')
    await both
    const [one, other] = desktop.open()
    if (one === undefined || other === undefined) throw new Error('two notifications were open')
    const otherGone = nextGone(desktop, other)
    const answeredElsewhere = nextTitled(desktop, 'Ana Ferreira')
    desktop.click(one.id, actionKey(one, 'Answer'))
    await otherGone
    expect(bodyOf(await answeredElsewhere)).toBe('Answered on another device')
    expect(titles(desktop)).toEqual(['Ana Ferreira'])
    await byText(anasPage, 'Bob answered.').wait()
  })
})
