import { startPushService, type PushService } from '@belfry/push-service'
import { beforeAll, expect, test } from 'vitest'
import type { BrowserUser } from './browser-user.ts'
import { closeAfterTest } from './close-after-test.ts'
import { launchFirefox, type RunningFirefox } from './firefox.ts'
import { missingTools } from './missing-tools.ts'
import { startNotificationDaemon, type NotificationDaemon } from './notification-daemon.ts'
import { parseSubscription } from './parse-subscription.ts'
import { createPushSender, type BrowserSubscription, type PushSender } from './push-sender.ts'
import { actionKey, type ShownNotification } from './shown-notification.ts'
import { startStaticSite, type StaticSite } from './static-site.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const missing = await missingTools(['firefox', 'desktop'])

interface Rig {
  readonly desktop: NotificationDaemon
  readonly push: PushService
  readonly sender: PushSender
  readonly site: StaticSite
  readonly launch: () => Promise<RunningFirefox>
}

let rig: Rig

beforeAll(async () => {
  if (missing.length > 0) return undefined
  const profile = await temporaryDirectory('firefox')
  const desktop = await startNotificationDaemon()
  const push = await startPushService()
  const site = await startStaticSite()
  const launch = (): Promise<RunningFirefox> =>
    launchFirefox({
      profileDir: profile.path,
      dbusAddress: desktop.address,
      pushUrl: push.webSocketUrl,
    })
  rig = { desktop, push, site, sender: createPushSender(), launch }
  return async () => {
    await Promise.all([push.close(), desktop.close(), site.close()])
    await profile.remove()
  }
})

test('two people at one stock Firefox are rung apart, with their tabs closed', async ({ skip }) => {
  skip(missing.length > 0, missing.join('; '))
  const firefox = await closeAfterTest(rig.launch())
  const ana = firefox.user
  const bob = await firefox.newUser()
  const anaSubscription = await subscribed(ana)
  const bobSubscription = await subscribed(bob)

  const toBob = await rung(bobSubscription, 'Ana is calling')
  expect(toBob).toMatchObject({ appName: 'Firefox', body: 'Video call' })
  expect(await answered(bob, toBob)).toBe(`${rig.site.origin}/answered`)

  const toAna = await rung(anaSubscription, 'Bob is calling')
  expect(await answered(ana, toAna)).toBe(`${rig.site.origin}/answered`)

  await ana.closePages(rig.site.origin)
  const toDismiss = await rung(anaSubscription, 'Bob is calling again')
  const dismissed = rig.site.reports.next(({ event }) => event === 'close')
  rig.desktop.dismiss(toDismiss.id)
  expect(await dismissed).toEqual({ event: 'close', detail: 'Bob is calling again' })
})

test('what was sent while Firefox was closed is shown at its next start, and a revoked permission makes the endpoint answer 410', async ({
  skip,
}) => {
  skip(missing.length > 0, missing.join('; '))
  const first = await rig.launch()
  const subscription = await subscribed(first.user)
  await first.close()
  expect((await rig.sender.send(subscription, ring('while you were away'))).status).toBe(201)

  const shown = rig.desktop.waitForNotification(({ summary }) => summary === 'while you were away')
  const second = await closeAfterTest(rig.launch())
  await shown

  const given = rig.push.events.waitFor('unregister', undefined, { timeoutMs: 10_000 })
  await second.user.setNotifications(rig.site.origin, 'denied')
  expect(await given).toMatchObject({ code: 202 })
  expect((await rig.sender.send(subscription, ring('too late'))).status).toBe(410)
  const changed = rig.site.reports.next(({ event }) => event === 'change')
  await second.user.setNotifications(rig.site.origin, 'granted')
  expect(await changed).toEqual({ event: 'change', detail: 'old' })
})

/** Grants, subscribes, and leaves: from here on only the service worker can be reached. */
async function subscribed(user: BrowserUser): Promise<BrowserSubscription> {
  const { site, sender } = rig
  await user.setNotifications(site.origin, 'granted')
  const page = await user.newPage(site.origin)
  const subscription = parseSubscription(await page.evaluate(`subscribe('${sender.publicKey}')`))
  await user.closePages(site.origin)
  return subscription
}

async function rung(subscription: BrowserSubscription, title: string): Promise<ShownNotification> {
  const shown = rig.desktop.waitForNotification(({ summary }) => summary === title)
  const acknowledged = rig.push.events.waitFor('ack', undefined, { timeoutMs: 10_000 })
  expect((await rig.sender.send(subscription, ring(title))).status).toBe(201)
  expect(await acknowledged).toMatchObject({ code: 100 })
  return shown
}

async function answered(user: BrowserUser, notification: ShownNotification): Promise<string> {
  const opened = user.waitForPage((url) => url.endsWith('/answered'))
  const clicked = rig.site.reports.next(({ event }) => event === 'click')
  rig.desktop.click(notification.id, actionKey(notification, 'Answer'))
  expect(await clicked).toEqual({ event: 'click', detail: 'answer' })
  return (await opened).url()
}

function ring(title: string): string {
  return JSON.stringify({
    title,
    body: 'Video call',
    requireInteraction: true,
    actions: [{ action: 'answer', title: 'Answer' }],
    data: { url: '/answered' },
  })
}
