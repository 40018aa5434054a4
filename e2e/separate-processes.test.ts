import { startExpoService, type ExpoService } from '@belfry/expo-service'
import type { Page } from 'puppeteer-core'
import { afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Belfry } from './support/belfry.ts'
import { startBelfryProcesses, type BelfryProcesses } from './support/belfry-processes.ts'
import { closeAfterTest } from './support/close-after-test.ts'
import { startEngines, type Engines } from './support/engines.ts'
import { missingTools } from './support/missing-tools.ts'
import type { NotificationDaemon } from './support/notification-daemon.ts'
import { actionKey } from './support/shown-notification.ts'
import { newAccount, type Account } from './story/account.ts'
import { registerByApi, signInByApi } from './story/api-person.ts'
import { browserFamilies } from './story/browser-family.ts'
import { answerInPage, hangUp, startCall } from './story/call-steps.ts'
import { newCaller, ringFrom } from './story/caller.ts'
import { messageIsShown, startConversation, write } from './story/chat-steps.ts'
import { bodyOf, nextGone, nextTitled, titles } from './story/desktop-steps.ts'
import { register } from './story/door-steps.ts'
import { byText, rings } from './story/find.ts'
import { tellMessageAndRing } from './story/message-and-ring.ts'
import { openNotificationSettings, sendTestNotification } from './story/notification-steps.ts'
import { listenRealtime } from './story/realtime-ear.ts'
import { ringableBob, type SecondPerson } from './story/second-person.ts'
import { startStoryRigOn, type StoryBrowser, type StoryRig } from './story/story-rig.ts'

/** The first start on a machine may build the MongoDB-wire server. */
const enginesTimeoutMs = 900_000
/**
 * What a worker had in hand when it was killed is tried again once its lease is over: of a message, after twelve
 * seconds, which the queues of RabbitMQ round up to thirty.
 */
const afterCrashMs = 60_000

let engines: Engines | string = ''

beforeAll(async () => {
  engines = await startEngines()
  return async () => {
    if (typeof engines !== 'string') await engines.close()
  }
}, enginesTimeoutMs)

// API, web push and Expo push in two processes each, on one RabbitMQ and one MongoDB. Bob's browser
// knows one address, behind which both API processes are; the others write and call through the
// second of them, or through both.
describe.for(browserFamilies)('on separate processes, in a stock $name', async (family) => {
  const tools = await missingTools(family.tools)
  const missing = (): readonly string[] =>
    typeof engines === 'string' ? [...tools, engines] : tools
  let expo: ExpoService
  let rig: StoryRig<BelfryProcesses>
  let browser: StoryBrowser
  let bob: SecondPerson

  beforeAll(async () => {
    if (tools.length > 0 || typeof engines === 'string') return undefined
    await using opened = new AsyncDisposableStack()
    expo = await startExpoService()
    opened.defer(() => expo.close())
    const place = await engines.openPlace(`e2e-${family.name.toLowerCase()}`)
    opened.defer(place.close)
    rig = await startStoryRigOn(family, (pushEnv) =>
      startBelfryProcesses({ ...pushEnv, ...place.env, EXPO_PUSH_URL: expo.url }),
    )
    opened.defer(rig.close)
    browser = await rig.openBrowser()
    opened.defer(browser.close)
    bob = await ringableBob(rig, browser)
    const all = opened.move()
    return () => all.disposeAsync()
  })

  afterEach(async () => {
    for (const { id } of rig?.desktop.open() ?? []) rig.desktop.dismiss(id)
    await bob?.closeTabs()
  })

  test('the test notification is shown, and both API processes have served this browser', async ({
    skip,
  }) => {
    skip(missing().length > 0, missing().join('; '))
    const { belfry, desktop } = rig
    const page = await bob.user().newPage(`${belfry.url}/chats`)
    await openNotificationSettings(page)
    const shown = nextTitled(desktop, 'This is how a message looks')
    await sendTestNotification(page)
    expect(await shown).toMatchObject({ appName: family.name })
    expect(Math.min(...belfry.connectionsTaken())).toBeGreaterThan(0)
  })

  tellMessageAndRing({
    missing,
    scene: () => ({ rig, bob, callersUrl: rig.belfry.apis[1].url }),
  })

  /** Both people in their conversation, each in a tab of their own; Bob's is the one in front. */
  const openTabs = async (): Promise<OpenTabs> => {
    const { url } = rig.belfry
    const ana = newAccount('Ana Ferreira')
    const user = await browser.now().elsewhere()
    onTestFinished(() => user.context.close())
    const anasPage = await user.newPage()
    await register(anasPage, url, ana)
    const conversation = await startConversation(anasPage, bob.account)
    await write(anasPage, 'Bob', 'see you at eight?')
    const bobsPage = await bob.user().newPage(conversation)
    await messageIsShown(bobsPage, 'see you at eight?')
    return { ana, anasPage, bobsPage, conversationId: conversation.split('/').at(-1) ?? '' }
  }

  test('open tabs hear what is written at either API process, and a call between them is heard by both', async ({
    skip,
  }) => {
    skip(missing().length > 0, missing().join('; '))
    const { apis } = rig.belfry
    const { ana, anasPage, bobsPage, conversationId } = await openTabs()
    // Whichever process a tab is connected to, one of the two texts was taken by the other one.
    for (const [n, { url }] of apis.entries()) {
      await (await signInByApi(url, ana)).write(conversationId, `Ana at process ${n + 1}`)
      await messageIsShown(bobsPage, `Ana at process ${n + 1}`)
    }
    await anasPage.bringToFront()
    for (const [n, { url }] of apis.entries()) {
      await (await signInByApi(url, bob.account)).write(conversationId, `Bob at process ${n + 1}`)
      await messageIsShown(anasPage, `Bob at process ${n + 1}`)
    }

    await startCall(anasPage, 'video')
    await bobsPage.bringToFront()
    await answerInPage(bobsPage)
    await byText(bobsPage, 'You answered.').wait()
    await anasPage.bringToFront()
    await byText(anasPage, 'Bob answered.').wait()
    await hangUp(anasPage)
    await byText(anasPage, 'Call ended.').wait()
    await bobsPage.bringToFront()
    await byText(bobsPage, 'Call ended.').wait()
  })

  test('when either API process is killed, open tabs go on at the other', async ({ skip }) => {
    skip(missing().length > 0, missing().join('; '))
    const { anasPage, bobsPage } = await openTabs()
    for (const [n, api] of rig.belfry.apis.entries()) {
      await api.kill()
      try {
        await anasPage.bringToFront()
        await write(anasPage, 'Bob', `Ana without process ${n + 1}`)
        await bobsPage.bringToFront()
        await messageIsShown(bobsPage, `Ana without process ${n + 1}`)
        await write(bobsPage, 'Ana', `Bob without process ${n + 1}`)
        await anasPage.bringToFront()
        await messageIsShown(anasPage, `Bob without process ${n + 1}`)
      } finally {
        await api.restart()
      }
    }
  })

  test('a worker and the API process are killed in the middle of twelve messages: each that was accepted is shown, none twice', async ({
    skip,
  }) => {
    skip(missing().length > 0, missing().join('; '))
    const { belfry, desktop } = rig
    const [surviving, dying] = belfry.apis
    const [worker] = belfry.webPushWorkers
    const account = newAccount('Hana')
    const hana = await registerByApi(dying.url, account)
    const { id } = await hana.conversationWith(bob.api.user)
    const texts = Array.from({ length: 12 }, (_, index) => `message ${index + 1} of 12`)
    const shown = new Map(texts.map((text) => [text, nextBody(desktop, text)]))

    const hasTaken = nextLine(worker, 'WebPush: Consuming chat message')
    const answers = texts.map((text) => hana.write(id, text))
    const settled = Promise.allSettled(answers)
    await Promise.all([hasTaken, answers[5]])
    await Promise.all([crash(worker), crash(dying)])
    const accepted = (await settled).flatMap((each) =>
      each.status === 'fulfilled' ? [each.value.text] : [],
    )

    expect(accepted).not.toEqual([])
    await Promise.all(accepted.map(async (text) => shown.get(text)))
    const last = nextBody(desktop, 'after the crash')
    await (await signInByApi(surviving.url, account)).write(id, 'after the crash')
    await last
    const bodies = desktop.history.map(bodyOf)
    for (const text of accepted) expect(bodies.filter((body) => body === text)).toEqual([text])
  })

  test('the API process that took a call and the worker that rang are killed: Answer accepts at the other, and nothing rings any more', async ({
    skip,
  }) => {
    skip(missing().length > 0, missing().join('; '))
    const { belfry, desktop } = rig
    const [surviving, dying] = belfry.apis
    const account = newAccount('Ines')
    const ines = await registerByApi(dying.url, account)
    const inesThere = await signInByApi(surviving.url, account)
    const ear = await closeAfterTest(listenRealtime(surviving.url, inesThere.token))
    const rang = nextToRing(belfry)
    const { sessionId, ring } = await ringFrom({ ...ines, ear }, bob.api.user, desktop)
    await Promise.all([crash(await rang), crash(dying)])

    const answered = ear.nextCall(({ state }) => state === 'accepted')
    const landing = `${belfry.url}/calls/incoming?sessionId=${sessionId}`
    const opened = bob.user().waitForPage((url) => url === landing)
    desktop.click(ring.id, actionKey(ring, 'Answer'))
    const page = await opened
    await byText(page, 'You answered.').wait()
    expect(await answered).toMatchObject({ sessionId })
    expect(await bob.api.ringingCalls()).toEqual([])
    expect(await rings(page)).toBe(false)
    // Messages of the test before may still come: what was in hand there is tried again after its lease.
    expect(titles(desktop).filter((title) => title.includes('Ines'))).toEqual([])
    await inesThere.step(sessionId, 'end')
    await byText(page, 'Call ended.').wait()
  })

  test('the worker that rang is killed, and the caller hangs up: the other worker tells of the missed call', async ({
    skip,
  }) => {
    skip(missing().length > 0, missing().join('; '))
    const { belfry, desktop } = rig
    const jana = await newCaller(belfry.apis[1].url, 'Jana')
    const rang = nextToRing(belfry)
    const { sessionId, ring } = await ringFrom(jana, bob.api.user, desktop)
    await crash(await rang)

    const missed = nextTitled(desktop, 'Missed call from Jana', afterCrashMs)
    const gone = nextGone(desktop, ring, afterCrashMs)
    await jana.step(sessionId, 'cancel')
    await Promise.all([gone, missed])
    expect(titles(desktop).filter((title) => title.includes('Jana'))).toEqual([
      'Missed call from Jana',
    ])
  })

  test('a phone of the same person hears it too, also when one of its workers is killed', async ({
    skip,
  }) => {
    skip(missing().length > 0, missing().join('; '))
    const { belfry, desktop } = rig
    const token = expo.install({ platform: 'android' })
    const { id: phoneId } = await bob.api.addPhone({ token, platform: 'android' })
    onTestFinished(() => bob.api.removeDevice(phoneId))
    const kim = await registerByApi(belfry.apis[1].url, newAccount('Kim'))
    const { id } = await kim.conversationWith(bob.api.user)
    const bothHear = async (text: string): Promise<void> => {
      const pushed = expo.events.waitFor('push', (push) => push.token === token)
      const shown = nextBody(desktop, text)
      const { id: messageId } = await kim.write(id, text)
      expect((await pushed).data).toMatchObject({ type: 'chat_message', messageId })
      await shown
    }
    await bothHear('see you at eight?')
    await crash(belfry.expoPushWorkers[0])
    await bothHear('and bring the score')
  })
})

interface OpenTabs {
  readonly ana: Account
  readonly anasPage: Page
  readonly bobsPage: Page
  readonly conversationId: string
}

/** As a power cut ends it; it runs again once the test is over. */
async function crash(belfry: Belfry): Promise<void> {
  onTestFinished(() => belfry.restart())
  await belfry.kill()
}

/** Armed when called: which of the workers is the next to take a call. */
function nextToRing({ webPushWorkers }: BelfryProcesses): Promise<Belfry> {
  return Promise.race(
    webPushWorkers.map(async (worker) => {
      await nextLine(worker, 'WebPush: Consuming incoming call')
      return worker
    }),
  )
}

function nextLine({ log }: Belfry, words: string): Promise<string> {
  return log.next((line) => line.includes(words), { awaited: `the log to say "${words}"` })
}

function nextBody(desktop: NotificationDaemon, body: string): Promise<unknown> {
  return desktop.waitForNotification((notification) => bodyOf(notification) === body, {
    awaited: `a notification that says "${body}"`,
    timeoutMs: afterCrashMs,
  })
}
