import type { BrowserDescription } from '@belfry/browser'
import type { ImpossibleReason, NotificationStatus } from './notification-status.ts'
import { browserOnSystem, systemCure } from './unblock-steps.ts'
import { whenWords, type WhenOptions } from './when-words.ts'

export type StatusAction = 'enable' | 'test' | 'repair' | 'check' | 'copy-address'

export interface StatusWords<Action = StatusAction> {
  /** good works, bell wants you, bad is blocked, plain cannot or is not proved. */
  readonly sign: 'good' | 'bell' | 'bad' | 'plain'
  /** Name in the icon set. */
  readonly icon: 'bell' | 'bell-off' | 'unplug' | 'eye-off' | 'smartphone' | 'ban'
  readonly title: string
  /** `**strong**` is what the person reads on the screen. */
  readonly text: string
  readonly action: {
    readonly id: Action
    readonly label: string
    readonly isBell: boolean
  } | null
}

const test = { id: 'test', label: 'Send test notification', isBell: false } as const

type Worded<Kind extends NotificationStatus['kind']> = Extract<NotificationStatus, { kind: Kind }>

/** The states whose words never change. */
const fixed: Readonly<
  Record<'loading' | 'off' | 'asking' | 'unproven' | 'broken' | 'needs-install', StatusWords>
> = {
  loading: {
    sign: 'plain',
    icon: 'bell',
    title: 'Looking at this browser.',
    text: '',
    action: null,
  },
  off: {
    sign: 'bell',
    icon: 'bell-off',
    title: 'Notifications are off in this browser.',
    text: 'Turn them on to hear of messages and calls while this tab is closed.',
    action: { id: 'enable', label: 'Enable notifications', isBell: true },
  },
  asking: {
    sign: 'bell',
    icon: 'bell',
    title: 'Your browser is asking.',
    text: 'Choose **Allow** in the box at the top of the window.',
    action: null,
  },
  unproven: {
    sign: 'plain',
    icon: 'bell',
    title: 'On, but nothing has been delivered yet.',
    text: 'A test takes a second and shows every step.',
    action: test,
  },
  broken: {
    sign: 'bell',
    icon: 'unplug',
    title: 'This browser lost its registration.',
    text: 'It does not ring until you repair it. You will not be asked again.',
    action: { id: 'repair', label: 'Repair', isBell: true },
  },
  'needs-install': {
    sign: 'bell',
    icon: 'smartphone',
    title: 'On iPhone and iPad, add this app to the Home Screen first.',
    text: 'Then open it from there and turn notifications on.',
    action: null,
  },
}

/** The sentence, the sign and the one action of each state. */
export function statusWords(
  status: NotificationStatus,
  browser: BrowserDescription,
  when: WhenOptions,
): StatusWords {
  switch (status.kind) {
    case 'on':
      return onWords(status, when)
    case 'blocked':
      return {
        sign: 'bad',
        icon: 'bell-off',
        title: 'Blocked for this site.',
        text: `How to unblock it in ${browserOnSystem(browser)}:`,
        action: { id: 'check', label: 'Check again', isBell: false },
      }
    case 'silenced':
      return {
        sign: 'bad',
        icon: 'eye-off',
        title: 'Sent, but your device showed nothing.',
        text: systemCure(browser),
        action: { id: 'test', label: 'Test again', isBell: false },
      }
    case 'impossible':
      return {
        sign: 'plain',
        icon: 'ban',
        title: 'This browser cannot receive notifications.',
        text: impossible[status.reason],
        // The address of an insecure page is what is wrong with it.
        action:
          status.reason === 'insecure'
            ? null
            : { id: 'copy-address', label: 'Copy the address', isBell: false },
      }
    default:
      return fixed[status.kind]
  }
}

function onWords(status: Worded<'on'>, when: WhenOptions): StatusWords {
  const what = status.proof === 'shown' ? 'Last delivered' : 'Apple last accepted one'
  return {
    sign: 'good',
    icon: 'bell',
    title: 'On in this browser.',
    text: `${what} ${whenWords(status.provedAtMs, when)}.`,
    action: test,
  }
}

const impossible: Readonly<Record<ImpossibleReason, string>> = {
  'private-window':
    'A private window keeps none. Open Belfry in a normal window, or sign in on your phone.',
  unsupported:
    'It has no way to be reached while the tab is closed. Open Belfry in a current Firefox, Chrome, Edge or Safari.',
  insecure:
    'The address does not begin with https, and browsers deliver only to those that do. Ask who runs this server for its https address.',
}
