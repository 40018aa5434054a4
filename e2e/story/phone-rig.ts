import { randomUUID } from 'node:crypto'
import { startExpoService, type ExpoService } from '@belfry/expo-service'
import type { Page } from 'puppeteer-core'
import type { Belfry } from '../support/belfry.ts'
import type { BrowserUser } from '../support/browser-user.ts'
import { newAccount, type Account } from './account.ts'
import { registerByApi, type ApiPerson } from './api-person.ts'
import { chromium } from './browser-family.ts'
import { listenRealtime, type RealtimeEar } from './realtime-ear.ts'
import { scriptedShell, type PhonePush, type ScriptedShell } from './scripted-shell.ts'
import type { TokenMessage } from './shell-messages.ts'
import { startStoryRig } from './story-rig.ts'

/** The real server with a push service like Expo's, and phones with the app on them. */
export interface PhoneRig {
  readonly belfry: Belfry
  readonly expo: ExpoService
  /** A phone of its own, with the app on it, not yet started. */
  readonly installApp: (push: PhonePush) => Promise<InstalledApp>
  /** A browser without the app. */
  readonly openBrowser: () => Promise<BrowserUser>
  /** Of an installation that Expo knows. */
  readonly newToken: (change?: Partial<TokenMessage>) => TokenMessage
  readonly person: (name: string) => Promise<PhonePerson>
  readonly close: () => Promise<void>
}

/** The app's one page, and the shell around it. */
export interface RunningApp {
  readonly page: Page
  readonly shell: ScriptedShell
}

export interface InstalledApp extends RunningApp {
  /** Its page is gone, its storage stays: the app as it is started next, by a tap say. */
  readonly restart: (push: PhonePush) => Promise<RunningApp>
  readonly close: () => Promise<void>
}

export interface PhonePerson {
  readonly account: Account
  readonly api: ApiPerson
  readonly ear: RealtimeEar
}

export async function startPhoneRig(): Promise<PhoneRig> {
  const expo = await startExpoService()
  const rig = await startStoryRig(chromium, { EXPO_PUSH_URL: expo.url }).catch(
    async (error: unknown) => {
      await expo.close()
      throw error
    },
  )
  const browser = await rig.openBrowser()
  const { belfry } = rig
  const ears = new Set<RealtimeEar>()
  return {
    belfry,
    expo,
    openBrowser: () => browser.now().elsewhere(),
    installApp: async (push) => installApp(await browser.now().elsewhere(), belfry.url, push),
    newToken: (change = {}) => ({
      v: 1,
      type: 'EXPO_PUSH_TOKEN',
      token: expo.install({ platform: 'android' }),
      platform: 'android',
      deviceId: randomUUID(),
      projectId: '@belfry/app',
      deviceName: 'Pixel 9',
      appVersion: '1.0.0',
      drawsRings: true,
      ...change,
    }),
    person: async (name) => {
      const account = newAccount(name)
      const api = await registerByApi(belfry.url, account)
      const ear = await listenRealtime(belfry.url, api.token)
      ears.add(ear)
      return { account, api, ear }
    },
    close: async () => {
      await Promise.all([...ears].map((ear) => ear.close()))
      await browser.close()
      await rig.close()
      await expo.close()
    },
  }
}

async function installApp(
  user: BrowserUser,
  origin: string,
  push: PhonePush,
): Promise<InstalledApp> {
  const open = async (now: PhonePush): Promise<RunningApp> => {
    const page = await user.newPage()
    await page.setViewport({ width: 390, height: 844 })
    return { page, shell: await scriptedShell(page, origin, now) }
  }
  const first = await open(push)
  return {
    ...first,
    restart: async (now) => {
      await first.page.close()
      return open(now)
    },
    close: () => user.context.close(),
  }
}

/** What the phone is told when notifications are allowed, and Expo has given a token. */
export function granted(token: TokenMessage): PhonePush {
  return { permission: 'granted', token }
}
