import type { AcceptedPush } from './expo-service-event.ts'
import type { Platform } from './platform.ts'

/** A notification that stands on a phone. */
export interface ShownNotification {
  /** Android: the tag. iOS: the collapseId. Without one, the ticket's id. */
  readonly identifier: string
  readonly title: string | undefined
  readonly subtitle: string | undefined
  readonly body: string | undefined
  readonly data: Readonly<Record<string, unknown>>
  readonly channelId: string | undefined
  readonly categoryId: string | undefined
  /** The push that it shows now. */
  readonly push: AcceptedPush
  /** How many earlier ones it has replaced. */
  readonly replaced: number
}

/**
 * What one phone has got, with the app in the background, the phone online and notifications
 * allowed. It draws what the system draws; the app's own code does not run here.
 */
export interface Phone {
  readonly token: string
  readonly platform: Platform | undefined
  readonly projectId: string
  /** Everything that reached the phone, oldest first. */
  readonly received: readonly AcceptedPush[]
  /** Pushes that the app's background task gets: Android's headless ones, iOS's with `contentAvailable`. */
  readonly forTask: readonly AcceptedPush[]
  /** What stands on the phone, the latest change last. */
  readonly visible: readonly ShownNotification[]
  /** The number on the app's icon (iOS), as last told. */
  readonly badge: number
  /** Takes one away, as the user or the app does. False when it does not stand. */
  dismiss(identifier: string): boolean
}

/** A phone, and the way to it. */
export function createPhone(options: {
  readonly token: string
  readonly projectId: string
  readonly platform: Platform | undefined
  readonly channels: readonly string[] | undefined
}): { readonly phone: Phone; readonly deliver: (push: AcceptedPush) => void } {
  const { token, projectId, platform, channels } = options
  const received: AcceptedPush[] = []
  const forTask: AcceptedPush[] = []
  const visible = new Map<string, ShownNotification>()
  let badge = 0

  const phone: Phone = {
    token,
    platform,
    projectId,
    received,
    forTask,
    get visible() {
      return [...visible.values()]
    },
    get badge() {
      return badge
    },
    dismiss: (identifier) => visible.delete(identifier),
  }
  return {
    phone,
    deliver(push) {
      received.push(push)
      if (platform === 'ios') badge = push.message.badge ?? badge
      if (push.form === 'headless') {
        if (wakesTask(push, platform)) forTask.push(push)
        return
      }
      if (!isDrawn(push, { platform, channels })) return
      const identifier = identifierOf(push, platform)
      const before = visible.get(identifier)
      // Deleted first, so that the latest change is the last entry.
      visible.delete(identifier)
      const replaced = before === undefined ? 0 : before.replaced + 1
      visible.set(identifier, shown(push, { identifier, replaced }))
    },
  }
}

/** iOS starts an app for a silent push only when it says content-available; FCM hands over any data message. */
function wakesTask({ message }: AcceptedPush, platform: Platform | undefined): boolean {
  return (
    platform !== 'ios' || message.contentAvailable === true || message._contentAvailable === true
  )
}

/** The system draws what has words; Android only into a channel that exists. */
function isDrawn(
  { message }: AcceptedPush,
  on: { readonly platform: Platform | undefined; readonly channels: readonly string[] | undefined },
): boolean {
  const { title, subtitle, body, channelId } = message
  if (!title && !body && !(subtitle && on.platform !== 'android')) return false
  if (on.platform !== 'android' || on.channels === undefined) return true
  // Without a channel it goes into "Default", which the app's library makes by itself.
  return channelId === undefined || channelId === null || on.channels.includes(channelId)
}

/** What makes the next one replace this one: Android's tag, iOS's apns-collapse-id. */
function identifierOf(push: AcceptedPush, platform: Platform | undefined): string {
  const { tag, collapseId } = push.message
  if (platform === 'android') return tag ?? push.ticketId
  if (platform === 'ios') return collapseId ?? push.ticketId
  return push.ticketId
}

function shown(
  push: AcceptedPush,
  { identifier, replaced }: Pick<ShownNotification, 'identifier' | 'replaced'>,
): ShownNotification {
  const { title, subtitle, body, channelId, categoryId } = push.message
  return {
    identifier,
    title,
    subtitle,
    body,
    data: push.data,
    channelId: channelId ?? undefined,
    categoryId,
    push,
    replaced,
  }
}
