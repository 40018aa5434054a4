import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { launch, type Browser, type LaunchOptions } from 'puppeteer-core'
import { killProcessGroup } from './child-process.ts'
import { withDeadline } from './deadline.ts'

export interface BrowserProcess {
  readonly browser: Browser
  readonly pid: number
  /** Quits as a user would, so that the profile is written; ends what does not quit in 10 s. */
  readonly close: () => Promise<void>
  /**
   * No goodbye, as in a power cut. Chromium writes permissions and subscriptions down with up to ten
   * seconds' delay: younger ones are lost then.
   */
  readonly kill: () => Promise<void>
}

export interface BrowserProcessOptions {
  /** Kept between launches to test a restart. Made when absent. */
  readonly profileDir: string
  /** The session bus that shows the notifications. */
  readonly dbusAddress: string
  readonly launch: LaunchOptions
}

/** The browser's own part of a profile directory; its HOME lies beside it. */
export function profilePath(profileDir: string): string {
  return join(profileDir, 'profile')
}

/** Starts a headless browser that sees nothing of this machine but its own profile directory. */
export async function startBrowser(options: BrowserProcessOptions): Promise<BrowserProcess> {
  const { profileDir } = options
  const home = join(profileDir, 'home')
  await mkdir(home, { recursive: true })
  const browser = await launchOrAgain({
    headless: true,
    defaultViewport: null,
    // A page that never answers, say a subscribe() without a push service, fails the test soon.
    protocolTimeout: 25_000,
    userDataDir: profilePath(profileDir),
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      XDG_CONFIG_HOME: home,
      XDG_CACHE_HOME: home,
      XDG_RUNTIME_DIR: home,
      TMPDIR: home,
      LANG: 'C.UTF-8',
      DBUS_SESSION_BUS_ADDRESS: options.dbusAddress,
    },
    ...options.launch,
  })
  const child = browser.process()
  const pid = child?.pid
  if (child === null || pid === undefined) throw new Error('the browser has no process of its own')
  const ended = child.exitCode === null ? once(child, 'exit') : Promise.resolve([])
  const exited = (): boolean => child.exitCode !== null || child.signalCode !== null
  const started = { browser, pid, ended, exited }
  const kill = async (): Promise<void> => {
    killProcessGroup(pid)
    await ended
  }
  const quitOrKill = async (): Promise<void> => {
    try {
      await quit(started)
    } finally {
      await kill()
    }
  }
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closing ??= quitOrKill()
    return closing
  }
  return { browser, pid, close, kill }
}

/**
 * A stock browser that crashes before it says a word tells nothing of us: Firefox ended with a segmentation fault in
 * one of some hundred starts. What crashes twice is broken.
 */
async function launchOrAgain(options: LaunchOptions): Promise<Browser> {
  try {
    return await launch(options)
  } catch (cause) {
    console.warn('The browser did not start; once more.', cause)
    return launch(options)
  }
}

async function quit({ browser, pid, ended, exited }: StartedBrowser): Promise<void> {
  if (exited()) return
  await withDeadline(Promise.all([browser.close(), ended]), {
    awaited: `the browser (pid ${pid}) to quit`,
    timeoutMs: 10_000,
    seen: () => 'it still runs',
  })
}

interface StartedBrowser {
  readonly browser: Browser
  readonly pid: number
  readonly ended: Promise<unknown>
  readonly exited: () => boolean
}
