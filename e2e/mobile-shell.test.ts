import { beforeAll, expect, test } from 'vitest'
import { closeAfterTest } from './support/close-after-test.ts'
import { missingTools } from './support/missing-tools.ts'
import { axeFindings } from './story/axe-findings.ts'
import { chromium } from './story/browser-family.ts'
import { messageIsShown } from './story/chat-steps.ts'
import { signIn, signOut } from './story/door-steps.ts'
import { byRole, byText } from './story/find.ts'
import { openNotificationSettings, sendTestNotification } from './story/notification-steps.ts'
import {
  granted,
  startPhoneRig,
  type InstalledApp,
  type PhonePerson,
  type PhoneRig,
} from './story/phone-rig.ts'
import type { PhonePush } from './story/scripted-shell.ts'
import { frameOf, startStranger } from './story/stranger.ts'

// The page's side of the bridge: a stock Chromium, and around its page a shell that follows the
// rules of `apps/mobile/src/bridge/messages.ts`.
const missing = await missingTools(chromium.tools)
let rig: PhoneRig

beforeAll(async () => {
  if (missing.length > 0) return undefined
  rig = await startPhoneRig()
  return () => rig.close()
})

function installApp(push: PhonePush): Promise<InstalledApp> {
  return closeAfterTest(rig.installApp(push))
}

/** Signs in on the phone, and resolves once the server knows the phone. */
async function signInOnPhone({ page }: InstalledApp, { account, ear }: PhonePerson): Promise<void> {
  const registered = ear.nextDeviceChange(({ change }) => change === 'registered')
  await signIn(page, rig.belfry.url, account)
  await registered
}

test('a phone is registered when its person signs in, and the list says which one it is', async ({
  skip,
}) => {
  skip(missing.length > 0, missing.join('; '))
  const bob = await rig.person('Bob')
  const token = rig.newToken()
  const phone = await installApp(granted(token))
  const { page, shell } = phone
  await shell.start()
  await byText(page, 'Chat and calls, also while the app is closed.').wait()
  await signInOnPhone(phone, bob)

  const [device, ...others] = await bob.api.devices()
  const { deviceId } = token
  expect(device).toMatchObject({ kind: 'expo', platform: 'android', deviceId })
  expect(others).toEqual([])

  await openNotificationSettings(page)
  await byText(page, 'On, but nothing has been delivered yet.').wait()
  await byText(page, 'this phone').wait()
  await byRole(page, 'button', 'Rename Pixel 9').wait()
  const text = await page.evaluate(() => document.body.innerText)
  expect(text).not.toMatch(/this browser|this tab|Home Screen|Service worker/i)
  expect(await axeFindings(page)).toEqual([])
  expect(shell.dropped).toEqual([])
})

test('a test from the settings goes to Expo, and the phone’s receipt proves that it was shown', async ({
  skip,
}) => {
  skip(missing.length > 0, missing.join('; '))
  const bob = await rig.person('Bob')
  const token = rig.newToken()
  const phone = await installApp(granted(token))
  await signInOnPhone(phone, bob)
  await openNotificationSettings(phone.page)

  const tested = sendTestNotification(phone.page)
  const push = await rig.expo.events.waitFor('push', (each) => each.token === token.token)
  expect(push.message).toMatchObject({ title: 'This is how a message looks' })
  await receipt(push.data)
  await tested
  await byText(phone.page, 'On for this phone.').wait()
  const steps = await phone.page.$$eval('.step-name', (names) =>
    names.map((each) => each.textContent),
  )
  expect(steps).toEqual([
    'Permission',
    'Token from Expo',
    'Saved on the server',
    'Accepted by the push service',
    'Shown on this device',
  ])
})

/** What the app does when a notification arrives while it is in front. */
async function receipt(data: Readonly<Record<string, unknown>>): Promise<void> {
  const answer = await fetch(`${rig.belfry.url}/api/push-receipts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ receipt: data['receipt'], event: 'shown' }),
  })
  expect(answer.status).toBe(204)
}

test('a token that changes takes the old one’s place', async ({ skip }) => {
  skip(missing.length > 0, missing.join('; '))
  const bob = await rig.person('Bob')
  const before = rig.newToken()
  const phone = await installApp(granted(before))
  await signInOnPhone(phone, bob)
  const [known] = await bob.api.devices()

  const after = rig.newToken({ deviceId: before.deviceId })
  const registered = bob.ear.nextDeviceChange(({ change }) => change === 'registered')
  await phone.shell.tellPush(granted(after))
  await registered
  expect((await bob.api.devices()).map(({ id }) => id)).toEqual([known?.id])

  const tested = rig.expo.events.waitFor('push', ({ token }) => token === after.token)
  expect(await bob.api.testDevices()).toMatchObject([{ id: known?.id, outcome: 'accepted' }])
  await tested
  expect(rig.expo.phone(before.token).received).toEqual([])
})

test('a tap opens the conversation in the page that is there, and begins the app with it when none is', async ({
  skip,
}) => {
  skip(missing.length > 0, missing.join('; '))
  const [ana, bob] = [await rig.person('Ana'), await rig.person('Bob')]
  const { id } = await ana.api.conversationWith(bob.api.user)
  const token = rig.newToken()
  const phone = await installApp(granted(token))
  const { page, shell } = phone
  await signInOnPhone(phone, bob)
  await page.evaluate('window.sameDocument = true')
  await ana.api.write(id, 'see you at eight?')
  await shell.tap({ path: `/chats/${id}` })
  await messageIsShown(page, 'see you at eight?')
  expect(await page.evaluate('window.sameDocument')).toBe(true)

  const cold = await phone.restart(granted(token))
  await cold.shell.start({ path: `/chats/${id}` })
  await messageIsShown(cold.page, 'see you at eight?')

  // A path that leads out is none of ours.
  await cold.shell.tap({ path: '//evil.example/chats' })
  await cold.shell.tap({ path: '/settings/notification' })
  await byRole(cold.page, 'heading', 'Devices').wait()
  expect(new URL(cold.page.url()).origin).toBe(rig.belfry.url)
})

test('a tap while nobody is signed in leads there after signing in', async ({ skip }) => {
  skip(missing.length > 0, missing.join('; '))
  const [ana, bob] = [await rig.person('Ana'), await rig.person('Bob')]
  const { id } = await ana.api.conversationWith(bob.api.user)
  await ana.api.write(id, 'see you at eight?')
  const { page, shell } = await installApp(granted(rig.newToken()))
  await shell.start()
  await byRole(page, 'button', 'Sign in').wait()
  await shell.tap({ path: `/chats/${id}` })
  await page.waitForFunction('location.search.includes("next")')
  await byRole(page, 'textbox', 'Username').fill(bob.account.username)
  await page.locator('input[type="password"]').fill(bob.account.password)
  await byRole(page, 'button', 'Sign in').click()
  await messageIsShown(page, 'see you at eight?')
})

test('Answer on the ring answers the call, for this phone, also when it starts the app', async ({
  skip,
}) => {
  skip(missing.length > 0, missing.join('; '))
  const [ana, bob] = [await rig.person('Ana'), await rig.person('Bob')]
  const token = rig.newToken()
  const phone = await installApp(granted(token))
  const { page, shell } = phone
  await signInOnPhone(phone, bob)

  const taken = shell.heard.next(({ type }) => type === 'DISMISS')
  const first = await ana.api.call(bob.api.user.id, 'video')
  // The page rings itself, and says so: the phone need not.
  expect(await taken).toMatchObject({ id: `call-${first.sessionId}` })
  await shell.tap(answering(first.sessionId))
  await byText(page, 'You answered.').wait()
  // Only the device that has answered may say so again.
  await bob.api.step(first.sessionId, 'accept', token.deviceId)
  await ana.api.step(first.sessionId, 'end')
  await byText(page, 'Call ended.').wait()

  const second = await ana.api.call(bob.api.user.id, 'audio')
  const cold = await phone.restart(granted(token))
  await cold.shell.start(answering(second.sessionId))
  await byText(cold.page, 'You answered.').wait()
  expect(await ana.api.findCall(second.sessionId)).toMatchObject({ state: 'accepted' })
  await bob.api.step(second.sessionId, 'accept', token.deviceId)
  expect([...shell.dropped, ...cold.shell.dropped]).toEqual([])
})

function answering(sessionId: string): { path: string; answers: string } {
  return { path: `/calls/incoming?sessionId=${sessionId}`, answers: sessionId }
}

test('the app’s icon counts what is unread, and what is read here leaves the phone', async ({
  skip,
}) => {
  skip(missing.length > 0, missing.join('; '))
  const [ana, bob] = [await rig.person('Ana'), await rig.person('Bob')]
  const { id } = await ana.api.conversationWith(bob.api.user)
  const phone = await installApp(granted(rig.newToken()))
  const { page, shell } = phone
  await signInOnPhone(phone, bob)
  const unread = shell.heard.next((message) => message.type === 'BADGE' && message.count === 1)
  await ana.api.write(id, 'see you at eight?')
  await unread

  const read = shell.heard.next((message) => message.type === 'BADGE' && message.count === 0)
  const left = shell.heard.next(
    (message) => message.type === 'DISMISS' && message.id === `chat-${id}`,
  )
  await byText(page, 'see you at eight?').click()
  await Promise.all([read, left])
})

test('signing out has the server forget the phone before the session is dropped', async ({
  skip,
}) => {
  skip(missing.length > 0, missing.join('; '))
  const [ana, bob] = [await rig.person('Ana'), await rig.person('Bob')]
  const token = rig.newToken()
  const phone = await installApp(granted(token))
  const { page, shell } = phone
  await signInOnPhone(phone, bob)
  expect(await bob.api.devices()).toHaveLength(1)
  await page.evaluate(NOTE_SESSION_AT_SIGN_OUT)

  const removed = bob.ear.nextDeviceChange(({ change }) => change === 'removed')
  const told = shell.heard.next(({ type }) => type === 'SIGN_OUT')
  await signOut(page, bob.account)
  await Promise.all([removed, told])
  expect(await bob.api.devices()).toEqual([])
  expect(await page.evaluate('window.atSignOut')).toMatchObject({
    hadSession: true,
    wasForgotten: true,
  })
  expect(await page.evaluate("localStorage.getItem('belfry.session')")).toBeNull()

  // The app comes to the front: nobody is signed in, so it rings for nobody. Then it rings for Ana.
  await shell.tellPush(granted(token))
  await signInOnPhone(phone, ana)
  expect(await bob.api.devices()).toEqual([])
  expect(await ana.api.devices()).toMatchObject([{ deviceId: token.deviceId }])
})

/** At the moment the page tells the shell: is the session still there, and has the server answered? */
const NOTE_SESSION_AT_SIGN_OUT = `(() => {
  const { __toShell, fetch } = window
  let wasForgotten = false
  window.fetch = async (url, init) => {
    const answer = await fetch(url, init)
    if (String(url).endsWith('/auth/logout')) wasForgotten = answer.status === 204
    return answer
  }
  window.__toShell = (origin, text) => {
    const hadSession = localStorage.getItem('belfry.session') !== null
    if (text.includes('SIGN_OUT')) window.atSignOut = { hadSession, wasForgotten }
    return __toShell(origin, text)
  }
})()`

test('a frame of another origin that names a token registers nothing', async ({ skip }) => {
  skip(missing.length > 0, missing.join('; '))
  const bob = await rig.person('Bob')
  const stranger = await closeAfterTest(startStranger(rig.newToken({ deviceId: 'stranger' })))
  const phone = await installApp({ permission: 'undetermined' })
  const { page, shell } = phone
  const posted: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/push-subscriptions/expo')) posted.push(request.postData() ?? '')
  })
  await page.setBypassCSP(true)
  await signIn(page, rig.belfry.url, bob.account)
  expect(await page.evaluate(frameOf(stranger))).toBe(stranger.origin)

  const token = rig.newToken()
  const registered = bob.ear.nextDeviceChange(({ change }) => change === 'registered')
  await shell.tellPush(granted(token))
  await registered
  expect(await bob.api.devices()).toMatchObject([{ deviceId: token.deviceId }])
  expect(posted.join()).not.toContain('stranger')
})

test('the settings speak of the phone: off, blocked, without an address, built without a project', async ({
  skip,
}) => {
  skip(missing.length > 0, missing.join('; '))
  const bob = await rig.person('Bob')
  const { page, shell } = await installApp({ permission: 'undetermined' })
  await signIn(page, rig.belfry.url, bob.account)
  await byText(page, 'Notifications are off on this phone.').wait()
  await openNotificationSettings(page)
  const asked = shell.heard.next(({ type }) => type === 'OPEN_SETTINGS')
  await byRole(page, 'button', 'Enable notifications').click()
  await asked

  await shell.tellPush({ permission: 'denied' })
  await byText(page, 'Blocked on this phone.').wait()
  const opened = shell.heard.next(({ type }) => type === 'OPEN_SETTINGS')
  await byRole(page, 'button', 'Open settings').click()
  await opened

  await shell.tellPush({ permission: 'granted', trouble: 'no_project' })
  await byText(page, 'It was built without an Expo project').wait()
  await shell.tellPush({ permission: 'granted', trouble: 'no_token' })
  await byText(page, 'This phone cannot be reached yet.').wait()
  await shell.tellPush(granted(rig.newToken()))
  await byText(page, 'On, but nothing has been delivered yet.').wait()
})

test('a phone that rings for somebody else says so, and tries again', async ({ skip }) => {
  skip(missing.length > 0, missing.join('; '))
  const [ana, bob] = [await rig.person('Ana'), await rig.person('Bob')]
  const token = rig.newToken()
  await ana.api.addPhone({ token: token.token, deviceId: 'a device id that was lost' })
  const { page } = await installApp(granted(token))
  await signIn(page, rig.belfry.url, bob.account)
  await openNotificationSettings(page)
  await byText(page, 'This phone rings for somebody else.').wait()

  const [annas] = await ana.api.devices()
  await ana.api.removeDevice(annas?.id ?? '')
  const registered = bob.ear.nextDeviceChange(({ change }) => change === 'registered')
  await byRole(page, 'button', 'Try again').click()
  await registered
  await byText(page, 'On, but nothing has been delivered yet.').wait()
})

test('removed here, a phone stays silent until it is turned on again; leaving the server ends it too', async ({
  skip,
}) => {
  skip(missing.length > 0, missing.join('; '))
  const bob = await rig.person('Bob')
  const token = rig.newToken()
  const phone = await installApp(granted(token))
  const { page, shell } = phone
  await signInOnPhone(phone, bob)
  await openNotificationSettings(page)
  await byRole(page, 'button', 'Remove Pixel 9').click()
  await byRole(page, 'button', 'Remove').click()
  await byText(page, 'Notifications are off on this phone.').wait()
  await shell.tellPush(granted(token))
  await byText(page, 'No device rings for you yet.').wait()
  expect(await bob.api.devices()).toEqual([])

  const registered = bob.ear.nextDeviceChange(({ change }) => change === 'registered')
  await byRole(page, 'button', 'Enable notifications').click()
  await registered

  const left = shell.heard.next(({ type }) => type === 'CHANGE_SERVER')
  await byRole(page, 'button', 'Change server').click()
  await left
  expect(await bob.api.devices()).toEqual([])
})

test('a page in a browser carries nothing of this, and hears no token', async ({ skip }) => {
  skip(missing.length > 0, missing.join('; '))
  const bob = await rig.person('Bob')
  const user = await rig.openBrowser()
  await closeAfterTest({ close: () => user.context.close() })
  const page = await user.newPage()
  await signIn(page, rig.belfry.url, bob.account)
  expect(await page.evaluate(LOADED_SCRIPTS)).not.toContainEqual(
    expect.stringMatching('open-phone'),
  )

  const { page: inApp } = await installApp(granted(rig.newToken()))
  await signIn(inApp, rig.belfry.url, bob.account)
  expect(await inApp.evaluate(LOADED_SCRIPTS)).toContainEqual(expect.stringMatching('open-phone'))
})

const LOADED_SCRIPTS = `performance.getEntriesByType('resource').map((entry) => entry.name)`
