import { TargetType, type BrowserContext, type Page, type Target } from 'puppeteer-core'
import { withDeadline } from './deadline.ts'
import type { WaitOptions } from './journal.ts'

export type NotificationPermission = 'granted' | 'denied' | 'prompt'

/** Changes what the user decided about an origin's notifications, as the browser's own UI would. */
export type SetNotifications = (origin: string, state: NotificationPermission) => Promise<void>

/** One person at one browser: own storage, own service workers, own subscription. */
export interface BrowserUser {
  readonly context: BrowserContext
  readonly newPage: (url?: string) => Promise<Page>
  readonly setNotifications: SetNotifications
  /** Armed when called: the next page of this user to reach a matching address, new or not. */
  readonly waitForPage: (matches: (url: string) => boolean, options?: WaitOptions) => Promise<Page>
  /** Closes every page of this user at `origin` and waits until they are gone. */
  readonly closePages: (origin: string) => Promise<void>
}

export function browserUser(
  context: BrowserContext,
  setNotifications: SetNotifications,
): BrowserUser {
  return {
    context,
    setNotifications,
    newPage: async (url) => {
      const page = await context.newPage()
      page.setDefaultTimeout(10_000)
      if (url !== undefined) await page.goto(url)
      return page
    },
    waitForPage: (matches, options) => waitForPage(context, matches, options),
    closePages: async (origin) => {
      const pages = await context.pages()
      const ofOrigin = pages.filter((page) => page.url().startsWith(`${origin}/`))
      await Promise.all(ofOrigin.map((page) => page.close()))
    },
  }
}

function waitForPage(
  context: BrowserContext,
  matches: (url: string) => boolean,
  options: WaitOptions = {},
): Promise<Page> {
  const { promise, resolve } = Promise.withResolvers<Target>()
  const urls: string[] = []
  const look = (target: Target): void => {
    if (target.type() !== TargetType.PAGE) return
    urls.push(target.url())
    if (matches(target.url())) resolve(target)
  }
  context.on('targetcreated', look)
  context.on('targetchanged', look)
  const outcome = withDeadline(promise, {
    awaited: options.awaited ?? 'a page at a matching address',
    timeoutMs: options.timeoutMs ?? 10_000,
    seen: () => urls.join(' | ') || 'no page opened or changed its address',
  })
    .then(pageOf)
    .finally(() => {
      context.off('targetcreated', look)
      context.off('targetchanged', look)
    })
  // When the cause itself fails, the test never comes to await this; it has failed already.
  outcome.catch(() => undefined)
  return outcome
}

async function pageOf(target: Target): Promise<Page> {
  const page = await target.page()
  if (page === null) throw new Error(`${target.url()} is not a page`)
  return page
}
