import { browserUser, type BrowserUser, type NotificationPermission } from './browser-user.ts'
import { startBrowser, type BrowserProcess } from './browser-process.ts'

/** The wrapper `/usr/bin/chromium` adds flags of its own; this is the browser itself. */
const DEBIAN_CHROMIUM = '/usr/lib/chromium/chromium'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--password-store=basic',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
]

/** chrome://settings' own words for the three states. */
const CONTENT_SETTING: Readonly<Record<NotificationPermission, string>> = {
  granted: 'allow',
  denied: 'block',
  prompt: 'default',
}

export interface ChromiumOptions {
  readonly profileDir: string
  readonly dbusAddress: string
  /** Usually those of the fake Google services. */
  readonly flags: readonly string[]
}

/** Push works in the persistent profile only, so a Chromium has one user. */
export interface RunningChromium extends BrowserProcess {
  readonly user: BrowserUser
}

/** Where Chromium is: `CHROMIUM_BIN`, or Debian's. */
export function chromiumPath(): string {
  return process.env['CHROMIUM_BIN'] ?? DEBIAN_CHROMIUM
}

/** Starts stock Chromium, headless, on a profile of its own. */
export async function launchChromium(options: ChromiumOptions): Promise<RunningChromium> {
  const { profileDir, dbusAddress } = options
  const started = await startBrowser({
    profileDir,
    dbusAddress,
    launch: {
      browser: 'chrome',
      executablePath: chromiumPath(),
      args: [...FLAGS, ...options.flags],
    },
  })
  const context = started.browser.defaultBrowserContext()
  const setNotifications = async (origin: string, state: NotificationPermission): Promise<void> => {
    const page = await context.newPage()
    try {
      await page.goto('chrome://settings/content/notifications')
      await page.evaluate(settingsScript(origin, CONTENT_SETTING[state]))
    } finally {
      await page.close()
    }
  }
  return { ...started, user: browserUser(context, setNotifications) }
}

/**
 * What the settings page itself sends when the user picks an entry: unlike the CDP override, it
 * makes the browser give its registration up. The second message is answered after the first has
 * been carried out.
 */
function settingsScript(origin: string, setting: string): string {
  const [site, wanted] = [JSON.stringify(origin), JSON.stringify(setting)]
  return `(async () => {
    const { sendWithPromise } = await import('chrome://resources/js/cr.js')
    chrome.send('setOriginPermissions', [${site}, 'notifications', ${wanted}])
    const [now] = await sendWithPromise('getOriginPermissions', ${site}, ['notifications'])
    if (${wanted} !== 'default' && now.setting !== ${wanted}) {
      throw new Error('notifications are ' + now.setting + ', not ' + ${wanted})
    }
  })()`
}
