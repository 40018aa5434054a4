import { startPushService } from '@belfry/push-service'
import { pushEnvironment } from '../support/belfry.ts'
import type { BrowserProcess } from '../support/browser-process.ts'
import { browserUser, type BrowserUser } from '../support/browser-user.ts'
import { launchChromium } from '../support/chromium.ts'
import { startFakeGooglePush } from '../support/fake-google-push.ts'
import { launchFirefox } from '../support/firefox.ts'
import type { Tool } from '../support/missing-tools.ts'
import { createTestCertificate } from '../support/test-certificate.ts'

/** A browser and the push service that it has its pushes from. */
export interface BrowserFamily {
  readonly name: 'Firefox' | 'Chromium'
  readonly tools: readonly Tool[]
  readonly startPush: () => Promise<FamilyPush>
}

/** A running push service of one family. */
export interface FamilyPush {
  /** How the server finds it. */
  readonly env: Readonly<Record<string, string>>
  readonly launch: (options: LaunchOptions) => Promise<FamilyBrowser>
  /** Armed when called: it takes the next push of the server. */
  readonly nextAccepted: () => Promise<unknown>
  /** Armed when called: a browser gives its subscription up. */
  readonly nextUnsubscribed: () => Promise<unknown>
  /** Armed when called: it answers a push with that status. */
  readonly nextAnswered: (status: number) => Promise<unknown>
  readonly close: () => Promise<void>
}

export interface LaunchOptions {
  readonly profileDir: string
  readonly dbusAddress: string
}

export interface FamilyBrowser extends BrowserProcess {
  /** Whose state outlives a restart, and who can be pushed to. */
  readonly user: BrowserUser
  /** Another window of storage at the same browser, as another browser would be. */
  readonly elsewhere: () => Promise<BrowserUser>
}

const timeoutMs = 10_000

export const firefox: BrowserFamily = {
  name: 'Firefox',
  tools: ['firefox', 'desktop'],
  startPush: async () => {
    const push = await startPushService()
    const { events } = push
    return {
      env: pushEnvironment({ pushServiceHost: push.endpointHost }),
      launch: async (options) => {
        const running = await launchFirefox({ ...options, pushUrl: push.webSocketUrl })
        return { ...running, elsewhere: running.newUser }
      },
      nextAccepted: () => events.waitFor('push', undefined, { timeoutMs }),
      nextUnsubscribed: () => events.waitFor('unregister', undefined, { timeoutMs }),
      nextAnswered: (status) =>
        events.waitFor('refused', (refused) => refused.status === status, { timeoutMs }),
      close: () => push.close(),
    }
  },
}

export const chromium: BrowserFamily = {
  name: 'Chromium',
  tools: ['chromium', 'desktop', 'openssl'],
  startPush: async () => {
    const certificate = await createTestCertificate()
    const google = await startFakeGooglePush(certificate)
    return {
      env: pushEnvironment({ google }),
      launch: async (options) => {
        const running = await launchChromium({ ...options, flags: google.chromiumFlags })
        const elsewhere = async (): Promise<BrowserUser> =>
          // Never asked for notifications: Chromium has no push outside its profile.
          browserUser(await running.browser.createBrowserContext(), () => Promise.resolve())
        return { ...running, elsewhere }
      },
      nextAccepted: () => google.waitForPush(({ status }) => status === 201),
      nextUnsubscribed: () => google.waitForUnregistered(() => true),
      nextAnswered: (wanted) => google.waitForPush(({ status }) => status === wanted),
      close: async () => {
        await google.close()
        await certificate.remove()
      },
    }
  },
}

export const browserFamilies: readonly BrowserFamily[] = [firefox, chromium]
