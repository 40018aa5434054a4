import { expect, test } from 'vitest'
import { phoneRow } from '../../../test/phone-token.ts'
import { notificationStatus } from '../notifications/notification-status.ts'
import { phoneCapability, type PhoneSnapshot } from './phone-state.ts'
import { phoneStatusWords } from './phone-words.ts'

const when = { nowMs: Date.parse('2026-11-21T14:00:00Z'), locale: 'en-GB', timeZone: 'UTC' }

function lineOf(change: Partial<PhoneSnapshot>, device = phoneRow()): string {
  const phone: PhoneSnapshot = {
    shell: 'answered',
    permission: 'granted',
    trouble: null,
    hasToken: true,
    isOff: false,
    registration: { kind: 'saved', id: 'row-1' },
    ...change,
  }
  const capability = phoneCapability(phone)
  const status = notificationStatus({ capability, isAsking: false, device, unshown: null })
  const { title, text, action } = phoneStatusWords(status, phone, when)
  return `${title} ${text} [${action?.label ?? ''}]`
}

function refused(status: number, code: string): Partial<PhoneSnapshot> {
  const problem = { type: 'about:blank', title: 'Refused', status, code }
  return { registration: { kind: 'failed', problem } }
}

test('each state of a phone has its one sentence and action, and none speaks of a browser', () => {
  const lines = [
    lineOf({ shell: 'asked' }),
    lineOf({ shell: 'silent' }),
    lineOf({ permission: 'undetermined' }),
    lineOf({ permission: 'denied' }),
    lineOf({ isOff: true }),
    lineOf({ trouble: 'no_project', hasToken: false }),
    lineOf({ trouble: 'no_token', hasToken: false }),
    lineOf({}),
    lineOf({}, phoneRow({ lastAcceptedAt: '2026-11-21T13:58:00Z' })),
    lineOf({}, phoneRow({ lastShownAt: '2026-11-21T13:58:00Z' })),
    lineOf(refused(409, 'TOKEN_TAKEN')),
    lineOf(refused(0, 'UNREACHABLE')),
  ]
  expect(lines).toMatchInlineSnapshot(`
    [
      "Looking at this phone.  []",
      "This app does not answer. Close it and open it again. If that does not help, look for an update. []",
      "Notifications are off on this phone. Turn them on to hear of messages and calls while the app is closed. [Enable notifications]",
      "Blocked on this phone. Allow notifications of this app in the phone’s settings, then come back. [Open settings]",
      "Notifications are off on this phone. Turn them on to hear of messages and calls while the app is closed. [Enable notifications]",
      "This app cannot receive notifications. It was built without an Expo project, through which they are sent. Ask whoever gave you the app. []",
      "This phone cannot be reached yet. It has no address for notifications: Expo, Google or Apple gave none. Check its connection; each time you come back to the app it is tried again. []",
      "On, but nothing has been delivered yet. A test takes a second and shows every step. [Send test notification]",
      "On for this phone. Expo last accepted one 2 minutes ago. [Send test notification]",
      "On for this phone. Last delivered 2 minutes ago. [Send test notification]",
      "This phone rings for somebody else. Another account was signed in here and never signed out. Sign in with it and sign out again, or have its owner remove this phone under Devices; then try again. [Try again]",
      "This phone is not registered yet. The server did not answer. Try again. [Try again]",
    ]
  `)
  expect(lines.join()).not.toMatch(/browser|tab\b|service worker|Home Screen|site/i)
})
