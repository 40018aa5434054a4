import type { WorkerToPage } from '@belfry/contracts'
import { ask } from './ask.ts'
import { rememberEnded } from './ended-calls.ts'
import { post, sendReceipt, serverLimitMs } from './post.ts'
import { isPushFacts, type PushFacts } from './read-push.ts'
import { forgetPendingAction, isObject, keepPendingAction } from './record/index.ts'
import { safeUrl } from './safe-url.ts'
import { settle } from './seen-deliveries.ts'
import { show } from './show.ts'
import { isVisible, windows, within } from './within.ts'
import type { ShownNotification, WorkerEnvironment } from './worker-environment.ts'

export interface NotificationEventLike {
  /** Empty for a click on the notification itself. */
  readonly action: string
  readonly notification: ShownNotification
}

/** Firefox lets a worker open a window for about a second after the click. */
const pageLimitMs = 800
const focusLimitMs = 1_000

/**
 * Brings the person where the notification leads: an open page takes it by message, else is sent
 * there, else a new window opens. Declining opens nothing. Never rejects.
 */
export async function onNotificationClick(
  { action, notification }: NotificationEventLike,
  environment: WorkerEnvironment,
): Promise<void> {
  const { data } = notification
  const facts = isPushFacts(data) ? data : null
  // Before the close, which Firefox reports as a dismissal.
  const settled = facts && settle(environment.store, facts, 'clicked')
  notification.close()
  if (facts?.type === 'incoming_call' && action === 'decline') {
    await decline(environment, facts, notification)
  } else {
    await open(environment, notification, action === 'answer' ? action : 'open')
  }
  await settled
  await sendReceipt(environment, facts?.receipt, 'clicked')
}

async function decline(
  environment: WorkerEnvironment,
  { sessionId = '', receipt, callerName }: PushFacts,
  { tag, data }: ShownNotification,
): Promise<void> {
  const asked = post(environment, `calls/${encodeURIComponent(sessionId)}/decline`, { receipt })
  const answer = await within(environment, serverLimitMs, asked)
  // 409: it is over, or was answered elsewhere. Nothing is left to decline.
  if (answer?.ok || answer?.status === 409) {
    const body = callerName ?? ''
    return rememberEnded(environment.store, sessionId, { title: 'Call declined', body })
  }
  // With the ring's own data, so that a click leads to the call.
  const settings = { body: 'Open the call', tag, silent: true, data }
  await show(environment, { title: 'Declining failed', settings })
}

async function open(
  environment: WorkerEnvironment,
  { data }: ShownNotification,
  action: 'answer' | 'open',
): Promise<void> {
  const { scope } = environment.registration
  const url = safeUrl(isObject(data) && data.navigate, scope)
  const path = url.slice(new URL(scope).origin.length)
  let message: WorkerToPage = { type: 'notification_click', path }
  if (isPushFacts(data) && data.type === 'incoming_call') {
    const { sessionId = '', callerUid = '' } = data
    message = { type: 'incoming_call_click', sessionId, callerUid, action }
    await keepPendingAction(environment.store, message, environment.now())
  }
  try {
    if (!(await reachPage(environment, url, message))) await environment.clients.openWindow(url)
  } catch {
    // Refused when the click is too long ago. What was chosen waits in the store for the next page.
  }
}

/**
 * The visible window of this origin, else the one last focused, takes the message or is sent to
 * the address. Focusing spends the right to open a window in Chromium: so it comes first only for
 * a page that we control and could navigate; any other page is focused once it has answered.
 */
async function reachPage(
  environment: WorkerEnvironment,
  url: string,
  message: WorkerToPage,
): Promise<boolean> {
  const pages = await windows(environment, true)
  const page = pages.find(isVisible) ?? pages[0]
  if (!page) return false
  const isControlled = (await windows(environment, false)).some(({ id }) => id === page.id)
  // The browser may refuse: the page is told all the same, and shows it when looked at.
  const focus = () => within(environment, focusLimitMs, page.focus())
  if (isControlled) await focus()
  if (await ask(environment, { page, message, withinMs: pageLimitMs })) {
    await forgetPendingAction(environment.store)
    if (!isControlled) await focus()
    return true
  }
  // Null, or a rejection: it is closing, or out of our control. A new window it is.
  return isControlled && !!(await within(environment, focusLimitMs, page.navigate(url)))
}
