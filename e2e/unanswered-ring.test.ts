import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { closeAfterTest } from './support/close-after-test.ts'
import { missingTools } from './support/missing-tools.ts'
import { newAccount } from './story/account.ts'
import { registerByApi } from './story/api-person.ts'
import { browserFamilies } from './story/browser-family.ts'
import { bodyOf, nextGone, nextTitled, titles } from './story/desktop-steps.ts'
import { listenRealtime } from './story/realtime-ear.ts'
import { ringableBob, type SecondPerson } from './story/second-person.ts'
import { startStoryRig, type StoryRig } from './story/story-rig.ts'

/** A delivery that a crash interrupts is tried again once its lease of twelve seconds is over. */
const afterCrashMs = 30_000

describe.for(browserFamilies)('in a stock $name with its tab closed', async (family) => {
  const missing = await missingTools(family.tools)
  let rig: StoryRig
  let bob: SecondPerson

  beforeAll(async () => {
    if (missing.length > 0) return undefined
    rig = await startStoryRig(family, { RING_TIMEOUT_SECONDS: '5' })
    const browser = await rig.openBrowser()
    bob = await ringableBob(rig, browser)
    return async () => {
      await browser.close()
      await rig.close()
    }
  })

  afterEach(() => {
    for (const { id } of rig?.desktop.open() ?? []) rig.desktop.dismiss(id)
  })

  test('a call that nobody answers in time becomes a missed call in the place of its ring', async ({
    skip,
  }) => {
    skip(missing.length > 0, missing.join('; '))
    const { belfry, desktop } = rig
    const ana = await registerByApi(belfry.url, newAccount('Ana'))
    const ear = await closeAfterTest(listenRealtime(belfry.url, ana.token))
    const shown = nextTitled(desktop, 'Ana is calling')
    const missedCall = nextTitled(desktop, 'Missed call from Ana')
    const over = ear.nextCall(({ state }) => state === 'missed')
    const { sessionId } = await ana.call(bob.api.user.id, 'audio')
    const gone = nextGone(desktop, await shown)

    expect(await over).toMatchObject({ sessionId })
    await gone
    expect(bodyOf(await missedCall)).toMatch(/Call back$/)
    expect(titles(desktop)).toEqual(['Missed call from Ana'])
  })

  test('a ring outlives a crash of the server: it still ends, as a missed call', async ({
    skip,
  }) => {
    skip(missing.length > 0, missing.join('; '))
    const { belfry, desktop } = rig
    const carla = await registerByApi(belfry.url, newAccount('Carla'))
    const shown = nextTitled(desktop, 'Carla is calling')
    const missedCall = nextTitled(desktop, 'Missed call from Carla')
    const { sessionId } = await carla.call(bob.api.user.id, 'audio')
    const gone = nextGone(desktop, await shown)

    await belfry.kill()
    await belfry.restart()
    await gone
    await missedCall
    expect(titles(desktop)).toEqual(['Missed call from Carla'])
    expect(await carla.findCall(sessionId)).toMatchObject({ state: 'missed' })
    expect(await bob.api.ringingCalls()).toEqual([])
  })

  test('every message that the server took before it was killed is shown, and none twice', async ({
    skip,
  }) => {
    skip(missing.length > 0, missing.join('; '))
    const { belfry, desktop } = rig
    const dora = await registerByApi(belfry.url, newAccount('Dora'))
    const { id } = await dora.conversationWith(bob.api.user)
    const texts = Array.from({ length: 12 }, (_, index) => `message ${index + 1} of 12`)
    const shown = new Map(texts.map((text) => [text, nextBody(rig, text)]))

    const answers = texts.map((text) => dora.write(id, text))
    await answers[5]
    const settled = Promise.allSettled(answers)
    await belfry.kill()
    const taken = (await settled).flatMap((each) =>
      each.status === 'fulfilled' ? [each.value] : [],
    )
    await belfry.restart()

    expect(taken).not.toEqual([])
    await Promise.all(taken.map(async ({ text }) => shown.get(text)))
    const last = nextBody(rig, 'after the crash')
    await dora.write(id, 'after the crash')
    await last
    const bodies = desktop.history.map(bodyOf)
    for (const { text } of taken) expect(bodies.filter((body) => body === text)).toEqual([text])
  })
})

function nextBody({ desktop }: StoryRig, body: string): Promise<unknown> {
  return desktop.waitForNotification((notification) => bodyOf(notification) === body, {
    awaited: `a notification that says "${body}"`,
    timeoutMs: afterCrashMs,
  })
}
