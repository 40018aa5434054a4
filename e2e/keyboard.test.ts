import { expect, test } from 'vitest'
import { closeAfterTest } from './support/close-after-test.ts'
import { missingTools } from './support/missing-tools.ts'
import { newAccount } from './story/account.ts'
import { registerByApi } from './story/api-person.ts'
import { chromium } from './story/browser-family.ts'
import { messageIsShown } from './story/chat-steps.ts'
import { byRole, byText, ringDialog } from './story/find.ts'
import { enterOn, tabTo, typeInto } from './story/keyboard.ts'
import { enableNotifications } from './story/notification-steps.ts'
import { startStoryRig } from './story/story-rig.ts'

const missing = await missingTools(chromium.tools)

test('from signing in to hanging up with the keyboard alone', async ({ skip }) => {
  skip(missing.length > 0, missing.join('; '))
  const { belfry, openBrowser } = await closeAfterTest(startStoryRig(chromium))
  const browser = await closeAfterTest(openBrowser())
  const { user } = browser.now()
  await user.setNotifications(belfry.url, 'granted')
  const account = newAccount('Ana Ferreira')
  const ana = await registerByApi(belfry.url, account)
  const bob = await registerByApi(belfry.url, newAccount('Bob Okafor'))

  const page = await user.newPage(`${belfry.url}/sign-in`)
  await byRole(page, 'button', 'Sign in').wait()
  await typeInto(page, 'Username', account.username)
  await typeInto(page, 'Password', account.password)
  await enterOn(page, 'Sign in')
  await byRole(page, 'button', 'Enable notifications').wait()

  await enterOn(page, 'Settings')
  await byRole(page, 'heading', 'Devices').wait()
  await enableNotifications(page, () => enterOn(page, 'Enable notifications'))
  await enterOn(page, 'Chats')
  await byRole(page, 'heading', 'Chats').wait()

  await enterOn(page, 'New conversation')
  await byText(page, 'Choose one person or several.').wait()
  await page.keyboard.type(bob.user.username)
  await page.locator('[role="option"]').wait()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await enterOn(page, 'Start')
  await byRole(page, 'heading', 'Bob Okafor').wait()
  await typeInto(page, 'Message Bob', 'see you at eight?')
  await page.keyboard.press('Enter')
  await messageIsShown(page, 'see you at eight?')

  await enterOn(page, 'Call')
  await byRole(page, 'button', 'Hang up').wait()
  await enterOn(page, 'Hang up')
  await byText(page, 'You cancelled the call.').wait()
  await enterOn(page, 'Message')
  await byRole(page, 'heading', 'Bob Okafor').wait()

  const { sessionId } = await bob.call(ana.user.id, 'audio')
  await ringDialog(page).wait()
  // The ring takes the focus itself, so that who was typing answers nothing by accident.
  await tabTo(page, 'Answer')
  await page.keyboard.press('Enter')
  await byText(page, 'You answered.').wait()
  expect(await bob.findCall(sessionId)).toMatchObject({ state: 'accepted' })
  await enterOn(page, 'Hang up')
  await byText(page, 'Call ended.').wait()
  expect(await bob.findCall(sessionId)).toMatchObject({ state: 'ended' })
})
