import { afterEach, expect, test } from 'vitest'
import { closeAfterTest } from '../support/close-after-test.ts'
import { actionKey } from '../support/shown-notification.ts'
import { answerInPage } from './call-steps.ts'
import { newCaller, ringFrom, type Caller, type Rung } from './caller.ts'
import { messageIsShown } from './chat-steps.ts'
import { bodyOf, nextGone, nextTitled, titles } from './desktop-steps.ts'
import { byText, ringDialog, rings } from './find.ts'
import { listenRealtime } from './realtime-ear.ts'
import type { SecondPerson } from './second-person.ts'
import type { StoryRig, StoryServer } from './story-rig.ts'

/** Bob's browser with its tabs closed, and a server of however many processes. */
export interface RingScene {
  readonly rig: StoryRig<StoryServer>
  readonly bob: SecondPerson
  /** Where those who write and call reach the API. */
  readonly callersUrl: string
}

export interface RingStory {
  /** What this machine lacks for it, asked when a test starts: sentences. */
  readonly missing: () => readonly string[]
  /** Asked when a test starts. */
  readonly scene: () => RingScene
}

/**
 * The product's main job, as tests of the suite around it: one story for every way to run the server.
 * Each test has a caller of its own, so that none sees what another left on the screen.
 */
export function tellMessageAndRing({ missing, scene }: RingStory): void {
  const caller = (name: string): Promise<Caller> => newCaller(scene().callersUrl, name)
  const ringBob = (from: Caller): Promise<Rung> => {
    const { bob, rig } = scene()
    return ringFrom(from, bob.api.user, rig.desktop)
  }

  afterEach(async () => {
    if (missing().length === 0) await scene().bob.closeTabs()
  })

  test('a message shows who writes and what, and a click lands in that conversation', async ({
    skip,
  }) => {
    skip(missing().length > 0, missing().join('; '))
    const { bob, rig } = scene()
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
    skip(missing().length > 0, missing().join('; '))
    const { bob, rig } = scene()
    const carla = await caller('Carla')
    const { sessionId, ring } = await ringBob(carla)
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
    skip(missing().length > 0, missing().join('; '))
    const { bob, rig } = scene()
    const dora = await caller('Dora')
    const { sessionId, ring } = await ringBob(dora)
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
    skip(missing().length > 0, missing().join('; '))
    const { bob, rig } = scene()
    const { belfry, desktop } = rig
    const emil = await caller('Emil')
    const { sessionId, ring } = await ringBob(emil)
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
    skip(missing().length > 0, missing().join('; '))
    const { bob, rig } = scene()
    const fred = await caller('Fred')
    const { sessionId, ring } = await ringBob(fred)
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
    skip(missing().length > 0, missing().join('; '))
    const { bob, rig } = scene()
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

    await answerInPage(page)
    await byText(page, 'You answered.').wait()
    expect(await gina.findCall(sessionId)).toMatchObject({ state: 'accepted' })
  })
}
