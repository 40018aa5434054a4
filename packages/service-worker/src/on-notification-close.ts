import { sendReceipt } from './post.ts'
import type { NotificationEventLike } from './on-notification-click.ts'
import { isPushFacts } from './read-push.ts'
import { wasClicked } from './seen-deliveries.ts'
import { standing } from './within.ts'
import type { WorkerEnvironment } from './worker-environment.ts'

/**
 * Reports that the person waved a notification away. Never a decline: Firefox fires this too when
 * one is replaced, when we close it, and when it is clicked.
 */
export async function onNotificationClose(
  { notification }: Pick<NotificationEventLike, 'notification'>,
  environment: WorkerEnvironment,
): Promise<void> {
  const { tag, data } = notification
  if (!isPushFacts(data) || (await wasClicked(environment.store, data))) return
  const newer = await standing(environment, tag)
  if (newer.length === 0) await sendReceipt(environment, data.receipt, 'dismissed')
}
