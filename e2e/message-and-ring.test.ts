import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { closeAfterTest } from './support/close-after-test.ts'
import { missingTools } from './support/missing-tools.ts'
import { actionKey, type ShownNotification } from './support/shown-notification.ts'
import { newAccount } from './story/account.ts'
import { registerByApi, type ApiPerson } from './story/api-person.ts'
import { browserFamilies } from './story/browser-family.ts'
import { messageIsShown } from './story/chat-steps.ts'
import { bodyOf, nextGone, nextTitled, titles } from './story/desktop-steps.ts'
import { byText, ringDialog, rings } from './story/find.ts'
import { listenRealtime, type RealtimeEar } from './story/realtime-ear.ts'
import { ringableBob, type SecondPerson } from './story/second-person.ts'
import { startStoryRig, type StoryRig } from './story/story-rig.ts'

interface Caller extends ApiPerson {
  readonly ear: RealtimeEar
}

interface Rung {
  readonly sessionId: string
  readonly ring: ShownNotification
}

describe.for(browserFamilies)('with the tab closed in a stock $name', async (family) => {
  const missing = await missingTools(family.tools)
  let rig: StoryRig
  let bob: SecondPerson

  beforeAll(async () => {
    if (missing.length > 0) return undefined
    rig = await startStoryRig(family)
    const browser = await rig.openBrowser()
    bob = await ringableBob(rig, browser)
    return async () => {
      await browser.close()
      await rig.close()
    }
  })

  afterEach(() => bob?.closeTabs())

  /** Each test has a caller of its own, so that none sees what another left on the screen. */
  const caller = async (name: string): Promise<Caller> => {
    const person = await registerByApi(rig.belfry.url, newAccount(name))
    return { ...person, ear: await closeAfterTest(listenRealtime(rig.belfry.url, person.token)) }
  }

  /** Calls Bob. Resolves when the notification is up and the caller knows on what it rings. */
  const ringFrom = async ({ user, call, ear }: Caller): Promise<Rung> => {
    const shown = nextTitled(rig.desktop, `${user.displayName} is calling`)
    const ringing = ear.nextCall(({ devices }) => devices.ringing.length > 0)
    const { sessionId } = await call(bob.api.user.id, 'video')
    const ring = await shown
    await ringing
    return { sessionId, ring }
  }

  test('a message shows who writes and what, and a click lands in that conversation', async ({
    skip,
  }) => {
    skip(missing.length > 0, missing.join('; '))
    const ana = await caller('Ana')
    const bobsEar = await closeAfterTest(listenRealtime(rig.belfry.url, bob.api.token))
    const { id } = await ana.conversationWith(bob.api.user)
    const shown = nextTitled(rig.desktop, 'Ana')
    const receipt = bobsEar.nextDeviceChange(({ change }) => change === 'shown')
    await ana.write(id, 'see you at eight?')
    const notification = await shown
    expect(bodyOf(notification)).toBe('see you at eight?')
    await receipt

    const opened = bob.user().waitForPage((url) => url === `${rig.belfry.url}/chats/${id}`)
    rig.desktop.click(notification.id)
    await messageIsShown(await opened, 'see you at eight?')
  })

  test('a call rings with Answer and Decline; Answer opens the app, accepts the call, and nothing rings any more', async ({
    skip,
  }) => {
    skip(missing.length > 0, missing.join('; '))
    const carla = await caller('Carla')
    const { sessionId, ring } = await ringFrom(carla)
    expect(bodyOf(ring)).toBe('Video call')
    expect(ring.actions.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['Answer', 'Decline']),
    )

    const landing = `${rig.belfry.url}/calls/incoming?sessionId=${sessionId}`
    const opened = bob.user().waitForPage((url) => url === landing)
    rig.desktop.click(ring.id, actionKey(ring, 'Answer'))
    const page = await opened
    await byText(page, 'You answered.').wait()

    expect(await carla.findCall(sessionId)).toMatchObject({ state: 'accepted' })
    expect(await bob.api.ringingCalls()).toEqual([])
    expect(await rings(page)).toBe(false)
    expect(titles(rig.desktop)).toEqual([])

    await carla.step(sessionId, 'end')
    await byText(page, 'Call ended.').wait()
  })

  test('when the caller hangs up first, a missed call takes the place of the ring', async ({
    skip,
  }) => {
    skip(missing.length > 0, missing.join('; '))
    const dora = await caller('Dora')
    const { sessionId, ring } = await ringFrom(dora)
    const missed = nextTitled(rig.desktop, 'Missed call from Dora')
    const gone = nextGone(rig.desktop, ring)
    await dora.step(sessionId, 'cancel')
    await gone
    const notification = await missed
    expect(titles(rig.desktop)).toEqual(['Missed call from Dora'])

    const opened = bob.user().waitForPage((url) => url.includes(sessionId))
    rig.desktop.click(notification.id)
    const page = await opened
    await byText(page, 'Missed video call').wait()
    expect(await rings(page)).toBe(false)
  })

  test('Decline on the notification tells the caller, and opens nothing', async ({ skip }) => {
    skip(missing.length > 0, missing.join('; '))
    const { belfry, desktop } = rig
    const emil = await caller('Emil')
    const { sessionId, ring } = await ringFrom(emil)
    const declined = emil.ear.nextCall(({ state }) => state === 'declined')
    desktop.click(ring.id, actionKey(ring, 'Decline'))
    expect(await declined).toMatchObject({ sessionId })
    const pages = await bob.user().context.pages()
    expect(pages.filter((page) => page.url().startsWith(belfry.url))).toEqual([])
    expect(titles(desktop)).toEqual([])
  })

  test('a call that another device of the same person answers stops ringing here', async ({
    skip,
  }) => {
    skip(missing.length > 0, missing.join('; '))
    const fred = await caller('Fred')
    const { sessionId, ring } = await ringFrom(fred)
    const replaced = nextTitled(rig.desktop, 'Fred')
    const gone = nextGone(rig.desktop, ring)
    await bob.api.step(sessionId, 'accept', 'phone')
    await gone
    const notification = await replaced
    expect(bodyOf(notification)).toBe('Answered on another device')
    expect(titles(rig.desktop)).toEqual(['Fred'])
    rig.desktop.dismiss(notification.id)
  })

  test('a page in sight rings itself, and no notification comes up beside it', async ({ skip }) => {
    skip(missing.length > 0, missing.join('; '))
    const { belfry, desktop } = rig
    const gina = await caller('Gina')
    const page = await bob.user().newPage(`${belfry.url}/chats`)
    await byText(page, 'Chats').wait()
    const [device] = await bob.api.devices()
    const settled = gina.ear.nextCall(({ devices }) => devices.ringing.length > 0)
    const { sessionId } = await gina.call(bob.api.user.id, 'audio')
    await ringDialog(page).wait()
    // The device says so once its worker has done whatever it does about the push.
    expect((await settled).devices.ringing).toEqual([device?.deviceName])
    expect(desktop.history.map(({ summary }) => summary)).not.toContain('Gina is calling')

    await page.locator('[role="alertdialog"] ::-p-aria([name="Answer"][role="button"])').click()
    await byText(page, 'You answered.').wait()
    expect(await gina.findCall(sessionId)).toMatchObject({ state: 'accepted' })
  })
})
