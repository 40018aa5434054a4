import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContext } from 'puppeteer-core'
import { browserUser, type BrowserUser, type NotificationPermission } from './browser-user.ts'
import { profilePath, startBrowser, type BrowserProcess } from './browser-process.ts'

const DEBIAN_FIREFOX = '/usr/lib/firefox-esr/firefox-esr'

/** `permissions.default.desktop-notification`, for origins about which the user decided nothing. */
const PERMISSION_DEFAULT: Readonly<Record<NotificationPermission, number>> = {
  prompt: 0,
  granted: 1,
  denied: 2,
}

export interface FirefoxOptions {
  readonly profileDir: string
  readonly dbusAddress: string
  /** `ws:` address of the push service. */
  readonly pushUrl: string
  /** What origins may do that the user was never asked about; `prompt` when absent. */
  readonly permission?: NotificationPermission
  readonly extraPrefs?: Readonly<Record<string, string | number | boolean>>
}

export interface RunningFirefox extends BrowserProcess {
  /** Whoever uses the default container; the only one whose state outlives a restart. */
  readonly user: BrowserUser
  /**
   * Another person at the same Firefox, in a container of their own: own storage, service workers
   * and subscription. Permissions are the browser's: revoking an origin's ends everyone's
   * subscription to it.
   */
  readonly newUser: () => Promise<BrowserUser>
}

/** Where Firefox is: `FIREFOX_BIN`, or Debian's. */
export function firefoxPath(): string {
  return process.env['FIREFOX_BIN'] ?? DEBIAN_FIREFOX
}

/** Starts stock Firefox, headless, over WebDriver BiDi, with its push service replaced. */
export async function launchFirefox(options: FirefoxOptions): Promise<RunningFirefox> {
  const { profileDir, dbusAddress } = options
  const profile = profilePath(profileDir)
  await mkdir(profile, { recursive: true })
  const started = await startBrowser({
    profileDir,
    dbusAddress,
    launch: {
      browser: 'firefox',
      executablePath: firefoxPath(),
      extraPrefsFirefox: { ...preferences(options), ...options.extraPrefs },
    },
  })
  await keepPreferences(profile)
  return {
    ...started,
    user: userOf(started.browser.defaultBrowserContext()),
    newUser: async () => userOf(await started.browser.createBrowserContext()),
  }
}

/**
 * Puppeteer puts the preferences of before the launch back when Firefox ends, and with them an older
 * `dom.push.userAgentID`: messages stored for the newer one would never arrive. Without its backups
 * it puts nothing back.
 */
async function keepPreferences(profile: string): Promise<void> {
  const backups = ['prefs.js.puppeteer', 'user.js.puppeteer']
  await Promise.all(backups.map((name) => rm(join(profile, name), { force: true })))
}

function userOf(context: BrowserContext): BrowserUser {
  return browserUser(context, (origin, state) =>
    context.setPermission(origin, { permission: { name: 'notifications' }, state }),
  )
}

function preferences(options: FirefoxOptions): Record<string, string | number | boolean> {
  return {
    'dom.push.serverURL': options.pushUrl,
    'dom.push.testing.allowInsecureServerURL': true,
    // Firefox's remote agent turns push off for tests unless the profile says otherwise.
    'dom.push.connection.enabled': true,
    'dom.push.retryBaseInterval': 500,
    'dom.push.quotaUpdateDelay': 0,
    'permissions.default.desktop-notification': PERMISSION_DEFAULT[options.permission ?? 'prompt'],
    'services.settings.server': 'data:,#remote-settings-dummy/v1',
    'media.navigator.streams.fake': true,
    'media.navigator.permission.disabled': true,
    'media.peerconnection.ice.obfuscate_host_addresses': false,
    'media.autoplay.default': 0,
  }
}
