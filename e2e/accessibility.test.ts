import type { Page } from 'puppeteer-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { missingTools } from './support/missing-tools.ts'
import { newAccount } from './story/account.ts'
import { registerByApi, signInByApi, type ApiPerson } from './story/api-person.ts'
import { axeFindings } from './story/axe-findings.ts'
import { chromium } from './story/browser-family.ts'
import { hangUp } from './story/call-steps.ts'
import { messageIsShown } from './story/chat-steps.ts'
import { register } from './story/door-steps.ts'
import { byRole, byText, ringDialog } from './story/find.ts'
import { enableNotifications, sendTestNotification } from './story/notification-steps.ts'
import { startStoryRig, type StoryRig } from './story/story-rig.ts'

const missing = await missingTools(chromium.tools)

// The tests walk through the app with one page, in order.
describe('axe finds nothing, light and dark, on a desktop and on a phone,', () => {
  const account = newAccount('Ana Ferreira')
  let rig: StoryRig
  let page: Page
  let ana: ApiPerson
  let bob: ApiPerson

  beforeAll(async () => {
    if (missing.length > 0) return undefined
    rig = await startStoryRig(chromium, { RING_TIMEOUT_SECONDS: '120' })
    const browser = await rig.openBrowser()
    const { user } = browser.now()
    await user.setNotifications(rig.belfry.url, 'granted')
    page = await user.newPage()
    bob = await registerByApi(rig.belfry.url, newAccount('Bob Okafor'))
    return async () => {
      await browser.close()
      await rig.close()
    }
  })

  const open = (path: string): Promise<unknown> => page.goto(rig.belfry.url + path)

  test('on signing in', async ({ skip }) => {
    skip(missing.length > 0, missing.join('; '))
    await open('/sign-in')
    await byRole(page, 'button', 'Sign in').wait()
    expect(await axeFindings(page)).toEqual([])
  })

  test('where there is nothing to find: a nameless field it does find', async ({ skip }) => {
    skip(missing.length > 0, missing.join('; '))
    await page.evaluate(`document.querySelector('main').append(document.createElement('input'))`)
    const findings = await axeFindings(page)
    expect(findings.filter((finding) => finding.includes(': label: <input'))).toHaveLength(4)
  })

  test('on registering, also with what is wrong beside the fields', async ({ skip }) => {
    skip(missing.length > 0, missing.join('; '))
    await open('/register')
    await byRole(page, 'button', 'Register').click()
    await byText(page, 'Choose a name of at least 2 characters.').wait()
    expect(await axeFindings(page)).toEqual([])
  })

  test('on an empty list of chats, and on choosing somebody to write to', async ({ skip }) => {
    skip(missing.length > 0, missing.join('; '))
    await register(page, rig.belfry.url, account)
    ana = await signInByApi(rig.belfry.url, account)
    await byText(page, 'No conversations yet.').wait()
    expect(await axeFindings(page)).toEqual([])
    await byRole(page, 'button', 'New conversation').click()
    await byText(page, bob.user.username).wait()
    expect(await axeFindings(page)).toEqual([])
    await page.keyboard.press('Escape')
  })

  test('on a conversation beside the list', async ({ skip }) => {
    skip(missing.length > 0, missing.join('; '))
    const { id } = await bob.conversationWith(ana.user)
    await bob.write(id, 'see you at eight? https://example.com/the-place')
    await ana.write(id, 'At eight.')
    await open(`/chats/${id}`)
    await messageIsShown(page, 'At eight.')
    expect(await axeFindings(page)).toEqual([])
  })

  test('on the settings: off, on, and with a test that was shown', async ({ skip }) => {
    skip(missing.length > 0, missing.join('; '))
    await open('/settings/notification')
    await byRole(page, 'button', 'Enable notifications').wait()
    expect(await axeFindings(page)).toEqual([])
    await enableNotifications(page)
    await sendTestNotification(page)
    expect(await axeFindings(page)).toEqual([])
  })

  test('on a call that comes in', async ({ skip }) => {
    skip(missing.length > 0, missing.join('; '))
    const { sessionId } = await bob.call(ana.user.id, 'video')
    await ringDialog(page).wait()
    expect(await axeFindings(page)).toEqual([])
    await open(`/calls/incoming?sessionId=${sessionId}`)
    await ringDialog(page).wait()
    expect(await axeFindings(page)).toEqual([])
    await bob.step(sessionId, 'cancel')
    await byText(page, 'Missed video call').wait()
    expect(await axeFindings(page)).toEqual([])
  })

  test('on a call: while it rings there, while it is on, and when it is over', async ({ skip }) => {
    skip(missing.length > 0, missing.join('; '))
    const { sessionId } = await ana.call(bob.user.id, 'audio')
    await open(`/calls/${sessionId}`)
    await byRole(page, 'button', 'Hang up').wait()
    expect(await axeFindings(page)).toEqual([])
    await bob.step(sessionId, 'accept', 'phone')
    await byText(page, 'Bob answered.').wait()
    expect(await axeFindings(page)).toEqual([])
    await hangUp(page)
    await byText(page, 'Call ended.').wait()
    expect(await axeFindings(page)).toEqual([])
  })
})
