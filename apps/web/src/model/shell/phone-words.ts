import type { Problem } from '@belfry/contracts'
import type { NotificationStatus } from '../notifications/notification-status.ts'
import type { StatusWords } from '../notifications/status-words.ts'
import { whenWords, type WhenOptions } from '../notifications/when-words.ts'
import { troubleWords } from '../trouble-words.ts'
import type { PhoneSnapshot } from './phone-state.ts'

export type PhoneAction = 'enable' | 'test' | 'repair' | 'open-settings'
type PhoneWords = StatusWords<PhoneAction>

const test = { id: 'test', label: 'Send test notification', isBell: false } as const
const again = { id: 'repair', label: 'Try again', isBell: true } as const

/** Where the phone itself may hold notifications back. */
export const phoneCure =
  'Check the phone’s settings: notifications of this app must be on, and Do Not Disturb or a Focus off.'

/** The sentence, the sign and the one action of each state, in the app on a phone. */
export function phoneStatusWords(
  status: NotificationStatus,
  phone: PhoneSnapshot,
  when: WhenOptions,
): PhoneWords {
  switch (status.kind) {
    case 'on': {
      const what = status.proof === 'shown' ? 'Last delivered' : 'Expo last accepted one'
      return {
        sign: 'good',
        icon: 'bell',
        title: 'On for this phone.',
        text: `${what} ${whenWords(status.provedAtMs, when)}.`,
        action: test,
      }
    }
    case 'broken':
      return brokenWords(phone)
    default:
      return fixed[status.kind]
  }
}

const silent: PhoneWords = {
  sign: 'plain',
  icon: 'ban',
  title: 'This app does not answer.',
  text: 'Close it and open it again. If that does not help, look for an update.',
  action: null,
}

/** The states whose words never change. */
const fixed: Readonly<Record<Exclude<NotificationStatus['kind'], 'on' | 'broken'>, PhoneWords>> = {
  loading: {
    sign: 'plain',
    icon: 'bell',
    title: 'Looking at this phone.',
    text: '',
    action: null,
  },
  off: {
    sign: 'bell',
    icon: 'bell-off',
    title: 'Notifications are off on this phone.',
    text: 'Turn them on to hear of messages and calls while the app is closed.',
    action: { id: 'enable', label: 'Enable notifications', isBell: true },
  },
  asking: {
    sign: 'bell',
    icon: 'bell',
    title: 'Your phone is asking.',
    text: 'Choose **Allow**.',
    action: null,
  },
  blocked: {
    sign: 'bad',
    icon: 'bell-off',
    title: 'Blocked on this phone.',
    text: 'Allow notifications of this app in the phone’s settings, then come back.',
    action: { id: 'open-settings', label: 'Open settings', isBell: false },
  },
  silenced: {
    sign: 'bad',
    icon: 'eye-off',
    title: 'Sent, but this phone showed nothing.',
    text: phoneCure,
    action: { id: 'test', label: 'Test again', isBell: false },
  },
  unproven: {
    sign: 'plain',
    icon: 'bell',
    title: 'On, but nothing has been delivered yet.',
    text: 'A test takes a second and shows every step.',
    action: test,
  },
  impossible: silent,
  'needs-install': silent,
}

function brokenWords({ trouble, registration }: PhoneSnapshot): PhoneWords {
  if (trouble === 'no_project') {
    return {
      sign: 'plain',
      icon: 'ban',
      title: 'This app cannot receive notifications.',
      text: 'It was built without an Expo project, through which they are sent. Ask whoever gave you the app.',
      action: null,
    }
  }
  if (trouble === 'no_token') {
    return {
      sign: 'bell',
      icon: 'unplug',
      title: 'This phone cannot be reached yet.',
      text: 'It has no address for notifications: Expo, Google or Apple gave none. Check its connection; each time you come back to the app it is tried again.',
      action: null,
    }
  }
  if (registration.kind !== 'failed') {
    return {
      sign: 'bell',
      icon: 'unplug',
      title: 'This phone lost its registration.',
      text: 'It does not ring until you repair it. You will not be asked again.',
      action: { id: 'repair', label: 'Repair', isBell: true },
    }
  }
  const { problem } = registration
  const isTaken = problem.code === takenCode
  return {
    sign: 'bell',
    icon: 'unplug',
    title: isTaken ? 'This phone rings for somebody else.' : 'This phone is not registered yet.',
    text: refusalWords(problem),
    action: again,
  }
}

const takenCode = 'TOKEN_TAKEN'

/** Why the server did not take this phone, and what to do. */
export function refusalWords(problem: Problem): string {
  return problem.code === takenCode
    ? 'Another account was signed in here and never signed out. Sign in with it and sign out again, or have its owner remove this phone under Devices; then try again.'
    : troubleWords(problem)
}
