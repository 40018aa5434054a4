import { startBelfry, type Belfry } from '../support/belfry.ts'
import { startNotificationDaemon, type NotificationDaemon } from '../support/notification-daemon.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import type { BrowserFamily, FamilyBrowser, FamilyPush } from './browser-family.ts'

/** What a story needs of the server, however many processes it is. */
export type StoryServer = Pick<Belfry, 'url' | 'close'>

/** The real server, one family's push service, and a desktop that shows notifications. */
export interface StoryRig<Server extends StoryServer = Belfry> {
  readonly belfry: Server
  readonly desktop: NotificationDaemon
  readonly push: FamilyPush
  /** A browser on a fresh profile. */
  readonly openBrowser: () => Promise<StoryBrowser>
  readonly close: () => Promise<void>
}

/** A browser that can be closed and opened again on the same profile. */
export interface StoryBrowser {
  /** The one that runs now. */
  readonly now: () => FamilyBrowser
  readonly quit: () => Promise<void>
  readonly reopen: () => Promise<FamilyBrowser>
  /** Quits for good and forgets the profile. */
  readonly close: () => Promise<void>
}

/** On a server of one process. */
export function startStoryRig(
  family: BrowserFamily,
  env: Readonly<Record<string, string>> = {},
): Promise<StoryRig> {
  return startStoryRigOn(family, (pushEnv) => startBelfry({ env: { ...pushEnv, ...env } }))
}

/** @param startServer is told how it finds the push service. */
export async function startStoryRigOn<Server extends StoryServer>(
  family: BrowserFamily,
  startServer: (pushEnv: Readonly<Record<string, string>>) => Promise<Server>,
): Promise<StoryRig<Server>> {
  const push = await family.startPush()
  const desktop = await startNotificationDaemon()
  const closePushAndDesktop = async (): Promise<void> => {
    await Promise.all([push.close(), desktop.close()])
  }
  const belfry = await startServer(push.env).catch(async (error: unknown) => {
    await closePushAndDesktop()
    throw error
  })
  return {
    belfry,
    desktop,
    push,
    openBrowser: () => openBrowser(push, desktop),
    close: async () => {
      await belfry.close()
      await closePushAndDesktop()
    },
  }
}

async function openBrowser(push: FamilyPush, desktop: NotificationDaemon): Promise<StoryBrowser> {
  const profile = await temporaryDirectory('story')
  const launch = (): Promise<FamilyBrowser> =>
    push.launch({ profileDir: profile.path, dbusAddress: desktop.address })
  let running = await launch()
  return {
    now: () => running,
    quit: () => running.close(),
    reopen: async () => {
      running = await launch()
      return running
    },
    close: async () => {
      await running.close()
      await profile.remove()
    },
  }
}
