import type { NotificationDaemon } from '../support/notification-daemon.ts'
import type { ShownNotification } from '../support/shown-notification.ts'

/** Armed when called: the next notification with that title. */
export function nextTitled(
  desktop: NotificationDaemon,
  title: string,
  timeoutMs = 10_000,
): Promise<ShownNotification> {
  return desktop.waitForNotification(({ summary }) => summary === title, {
    awaited: `a notification "${title}"`,
    timeoutMs,
  })
}

/**
 * Armed when called: this very notification leaves the screen, by going away (Firefox closes what
 * it replaces) or by something else taking its place (Chromium).
 */
export async function nextGone(
  desktop: NotificationDaemon,
  notification: ShownNotification,
  timeoutMs = 10_000,
): Promise<void> {
  await Promise.race([
    desktop.waitForClosed(({ id }) => id === notification.id, { timeoutMs }),
    desktop.waitForNotification(({ replacesId }) => replacesId === notification.id, { timeoutMs }),
  ])
}

/**
 * The titles of ours on the screen, oldest first. Chromium's own notice is left out: it comes up when a
 * notification is waved away within milliseconds, which only a test can.
 */
export function titles(desktop: NotificationDaemon): string[] {
  return desktop
    .open()
    .filter(({ body }) => !body.includes('updated in the background'))
    .map(({ summary }) => summary)
}

/** Chromium puts the site's address above the body. */
export function bodyOf({ body }: ShownNotification): string {
  return body.split('\n').at(-1) ?? ''
}
