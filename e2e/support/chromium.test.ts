import { beforeAll, expect, test } from 'vitest'
import { launchChromium, type RunningChromium } from './chromium.ts'
import { closeAfterTest } from './close-after-test.ts'
import { startFakeGooglePush, type FakeGooglePush } from './fake-google-push.ts'
import { missingTools } from './missing-tools.ts'
import { startNotificationDaemon, type NotificationDaemon } from './notification-daemon.ts'
import { parseSubscription } from './parse-subscription.ts'
import { createPushSender, type BrowserSubscription, type PushSender } from './push-sender.ts'
import { actionKey } from './shown-notification.ts'
import { startStaticSite, type StaticSite } from './static-site.ts'
import { temporaryDirectory } from './temporary-directory.ts'
import { createTestCertificate } from './test-certificate.ts'

const missing = await missingTools(['chromium', 'desktop', 'openssl'])

interface Rig {
  readonly desktop: NotificationDaemon
  readonly google: FakeGooglePush
  readonly sender: PushSender
  readonly site: StaticSite
  readonly launch: () => Promise<RunningChromium>
}

let rig: Rig
let subscription: BrowserSubscription

// One profile for the file: the tests tell one person's story in order, and the first subscription
// of a profile takes two seconds.
beforeAll(async () => {
  if (missing.length > 0) return undefined
  const profile = await temporaryDirectory('chromium')
  const certificate = await createTestCertificate()
  const desktop = await startNotificationDaemon()
  const google = await startFakeGooglePush(certificate)
  const site = await startStaticSite()
  const sender = createPushSender({ ca: google.ca, dialPort: google.endpointPort })
  const launch = (): Promise<RunningChromium> =>
    launchChromium({
      profileDir: profile.path,
      dbusAddress: desktop.address,
      flags: google.chromiumFlags,
    })
  rig = { desktop, google, sender, site, launch }
  return async () => {
    await Promise.all([google.close(), desktop.close(), site.close()])
    await Promise.all([certificate.remove(), profile.remove()])
  }
})

test('a stock Chromium shows an encrypted push with its tab closed, and Answer opens the page', async ({
  skip,
}) => {
  skip(missing.length > 0, missing.join('; '))
  const { desktop, google, sender, site } = rig
  const { user } = await closeAfterTest(rig.launch())
  await user.setNotifications(site.origin, 'granted')
  const page = await user.newPage(site.origin)
  subscription = parseSubscription(await page.evaluate(`subscribe('${sender.publicKey}')`))
  await user.closePages(site.origin)

  const stranger = createPushSender({ ca: google.ca, dialPort: google.endpointPort })
  expect(await stranger.send(subscription, ring('spam'))).toMatchObject({ status: 403 })

  const shown = desktop.waitForNotification(({ summary }) => summary === 'Ana is calling')
  const acknowledged = google.waitForAcknowledged(({ topic }) => topic === 'ring')
  const answer = await sender.send(subscription, ring('Ana is calling'), { topic: 'ring' })
  const notification = await shown

  expect(answer).toEqual({ status: 201, body: '' })
  expect(await acknowledged).toMatchObject({ ttlSeconds: 60 })
  expect(notification).toMatchObject({ appName: 'Chromium', expireTimeoutMs: 0 })
  expect(notification.body).toMatch(/Video call$/)

  const opened = user.waitForPage((url) => url === `${site.origin}/answered`)
  const clicked = site.reports.next(({ event }) => event === 'click')
  desktop.click(notification.id, actionKey(notification, 'Answer'))

  expect((await opened).url()).toBe(`${site.origin}/answered`)
  expect(await clicked).toEqual({ event: 'click', detail: 'answer' })
  expect(desktop.open()).toEqual([])
})

test('what was sent while Chromium was closed is shown at its next start, the newest per Topic, and a revoked permission makes the endpoint answer 410', async ({
  skip,
}) => {
  skip(missing.length > 0, missing.join('; '))
  const { desktop, google, sender, site } = rig
  const token = new URL(subscription.endpoint).pathname.split('/').at(-1) ?? ''
  const older = await sender.send(subscription, ring('older'), { topic: 'same' })
  const newer = await sender.send(subscription, ring('newer'), { topic: 'same' })
  const now = await sender.send(subscription, ring('now or never'), { ttlSeconds: 0 })
  const last = await sender.send(subscription, ring('last'))
  expect([older, newer, now, last].map(({ status }) => status)).toEqual([201, 201, 201, 201])
  expect(google.online()).toBe(false)

  const shownBefore = desktop.history.length
  const lastShown = desktop.waitForNotification(({ summary }) => summary === 'last')
  const { user } = await closeAfterTest(rig.launch())
  await lastShown

  expect(desktop.history.slice(shownBefore).map(({ summary }) => summary)).toEqual([
    'newer',
    'last',
  ])

  google.answerNext({ status: 429, headers: { 'retry-after': '7' } }, token)
  expect((await sender.send(subscription, ring('too much'))).status).toBe(429)

  const given = google.waitForUnregistered((gone) => gone.token === token)
  await user.setNotifications(site.origin, 'denied')
  await given
  const push = google.waitForPush((received) => received.token === token)
  expect((await sender.send(subscription, ring('too late'))).status).toBe(410)
  expect(await push).toMatchObject({ status: 410, urgency: 'high', ttlSeconds: 60 })
  expect(google.unregistered(token)).toBe(true)

  const changed = site.reports.next(({ event }) => event === 'change')
  await user.setNotifications(site.origin, 'granted')
  expect(await changed).toEqual({ event: 'change', detail: 'none' })
})

function ring(title: string): string {
  return JSON.stringify({
    title,
    body: 'Video call',
    requireInteraction: true,
    actions: [{ action: 'answer', title: 'Answer' }],
    data: { url: '/answered' },
  })
}
