import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Message, sessionBus, type MessageBus } from 'dbus-next'
import { killProcessGroup, startProcess } from './child-process.ts'
import { withDeadline } from './deadline.ts'
import { createJournal, type WaitOptions } from './journal.ts'
import { parseNotify, type ShownNotification } from './shown-notification.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const NAME = 'org.freedesktop.Notifications'
const PATH = '/org/freedesktop/Notifications'

/** What GNOME Shell announces; the browsers ask for it once and shape their messages by it. */
const CAPABILITIES = [
  'actions',
  'body',
  'body-hyperlinks',
  'body-markup',
  'icon-static',
  'persistence',
  'sound',
]

/** Why a notification went away, by its number in the Desktop Notifications Specification §9. */
const REASON = { expired: 1, dismissed: 2, closedByApp: 3 } as const

type CloseReason = keyof typeof REASON

interface ClosedNotification {
  readonly id: number
  readonly reason: CloseReason
  readonly notification: ShownNotification
}

export interface NotificationDaemon {
  /** For `DBUS_SESSION_BUS_ADDRESS`. */
  readonly address: string
  /** Every notification ever shown, a replacement as an entry of its own. */
  readonly history: readonly ShownNotification[]
  readonly closed: readonly ClosedNotification[]
  /** What the desktop shows now, oldest first. */
  readonly open: () => readonly ShownNotification[]
  /** Armed when called: the first match shown from now on. */
  readonly waitForNotification: (
    matches: (notification: ShownNotification) => boolean,
    options?: WaitOptions,
  ) => Promise<ShownNotification>
  /** Armed when called: the first match that goes away from now on, for whatever reason. */
  readonly waitForClosed: (
    matches: (closed: ClosedNotification) => boolean,
    options?: WaitOptions,
  ) => Promise<ClosedNotification>
  /**
   * The user presses the body or a button. As GNOME Shell does, the notification then goes away
   * unless the app marked it resident.
   */
  readonly click: (id: number, actionKey?: string) => void
  /** The user closes it without acting on it. */
  readonly dismiss: (id: number) => void
  readonly close: () => Promise<void>
}

/**
 * Starts a private session bus and owns `org.freedesktop.Notifications` on it, as a desktop would
 * (Desktop Notifications Specification 1.2). The bus can activate no other service, so nothing
 * outlives it.
 */
export async function startNotificationDaemon(): Promise<NotificationDaemon> {
  const privateBus = await startPrivateBus()
  const bus = sessionBus({ busAddress: privateBus.address })
  const state = createDesktop(bus)
  try {
    bus.on('error', () => {
      // The bus went away under us; whoever waits for a notification meets a deadline that says so.
    })
    bus.addMethodHandler(state.handle)
    await withDeadline(bus.requestName(NAME, 0), {
      awaited: `the bus to grant the name ${NAME}`,
      timeoutMs: 5_000,
      seen: () => 'no answer',
    })
  } catch (error) {
    await privateBus.stop()
    throw error
  }
  return {
    address: privateBus.address,
    ...state.api,
    close: async () => {
      state.close()
      bus.disconnect()
      await privateBus.stop()
    },
  }
}

interface Desktop {
  readonly handle: (message: Message) => boolean
  readonly api: Omit<NotificationDaemon, 'address' | 'close'>
  readonly close: () => void
}

function createDesktop(bus: MessageBus): Desktop {
  const shown = createJournal<ShownNotification>({
    name: 'notifications',
    describe: ({ id, summary, body }) => `#${id} "${summary}" "${body}"`,
  })
  const closed = createJournal<ClosedNotification>({
    name: 'closed notifications',
    describe: ({ id, reason, notification }) => `#${id} "${notification.summary}" ${reason}`,
  })
  const open = new Map<number, ShownNotification>()
  let lastId = 0

  const emit = (signal: string, signature: string, body: unknown[]): void => {
    bus.send(Message.newSignal(PATH, NAME, signal, signature, body))
  }
  const remove = (id: number, reason: CloseReason): void => {
    const notification = open.get(id)
    if (notification === undefined) return
    open.delete(id)
    emit('NotificationClosed', 'uu', [id, REASON[reason]])
    closed.record({ id, reason, notification })
  }
  const openOne = (id: number): ShownNotification => {
    const notification = open.get(id)
    if (notification !== undefined) return notification
    const ids = [...open.keys()].join(', ') || 'none'
    throw new Error(`notification ${id} is not on the screen; open: ${ids}`)
  }

  const show = (message: Message): void => {
    const parsed = parseNotify(message.body)
    const id = open.has(parsed.replacesId) ? parsed.replacesId : ++lastId
    const notification = { id, ...parsed }
    open.set(id, notification)
    bus.send(Message.newMethodReturn(message, 'u', [id]))
    shown.record(notification)
  }

  const methods: Record<string, (message: Message) => void> = {
    Notify: show,
    CloseNotification: (message) => {
      const body: unknown[] = message.body
      bus.send(Message.newMethodReturn(message))
      if (typeof body[0] === 'number') remove(body[0], 'closedByApp')
    },
    GetCapabilities: (message) => {
      bus.send(Message.newMethodReturn(message, 'as', [CAPABILITIES]))
    },
    GetServerInformation: (message) => {
      bus.send(Message.newMethodReturn(message, 'ssss', ['belfry-e2e', 'Belfry', '1', '1.2']))
    },
  }

  const handle = (message: Message): boolean => {
    const method = message.interface === NAME ? methods[message.member] : undefined
    method?.(message)
    return method !== undefined
  }

  const click = (id: number, actionKey = 'default'): void => {
    const notification = openOne(id)
    const keys = notification.actions.map(({ key }) => key)
    if (!keys.includes(actionKey)) {
      throw new Error(`notification ${id} has no action "${actionKey}", only: ${keys.join(', ')}`)
    }
    emit('ActionInvoked', 'us', [id, actionKey])
    if (notification.hints['resident'] !== true) remove(id, 'dismissed')
  }

  return {
    handle,
    close: () => {
      shown.close()
      closed.close()
    },
    api: {
      history: shown.entries,
      closed: closed.entries,
      open: () => [...open.values()],
      waitForNotification: shown.next,
      waitForClosed: closed.next,
      click,
      dismiss: (id) => {
        openOne(id)
        remove(id, 'dismissed')
      },
    },
  }
}

interface PrivateBus {
  readonly address: string
  readonly stop: () => Promise<void>
}

async function startPrivateBus(): Promise<PrivateBus> {
  const directory = await temporaryDirectory('bus')
  const configFile = join(directory.path, 'bus.conf')
  // No <servicedir>: a browser that asks for org.a11y.Bus or a portal gets a quick refusal rather
  // than a child process of the bus.
  await writeFile(
    configFile,
    `<busconfig>
      <type>session</type>
      <listen>unix:path=${join(directory.path, 'bus')}</listen>
      <auth>EXTERNAL</auth>
      <policy context="default">
        <allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/>
      </policy>
    </busconfig>`,
  )
  const daemon = await startProcess({
    command: 'dbus-daemon',
    args: [`--config-file=${configFile}`, '--nofork', '--nopidfile', '--print-address=1'],
    env: { PATH: process.env['PATH'] ?? '' },
  })
  const stop = async (): Promise<void> => {
    await daemon.end('SIGTERM')
    killProcessGroup(daemon.pid)
    await directory.remove()
  }
  try {
    const address = await daemon.lines.next((line) => line.startsWith('unix:'), {
      awaited: 'dbus-daemon to print its address',
    })
    return { address, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
