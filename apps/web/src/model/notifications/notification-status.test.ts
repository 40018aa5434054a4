import type { CapabilityState } from '@belfry/browser'
import type { PushSubscription } from '@belfry/contracts'
import { expect, test } from 'vitest'
import { notificationStatus, type StatusFacts } from './notification-status.ts'
import { statusWords } from './status-words.ts'

const firefox = { name: 'Firefox', os: 'Linux', mobile: false, label: 'Firefox, Linux' }
const when = { nowMs: Date.parse('2026-11-21T14:00:00Z'), locale: 'en-GB', timeZone: 'UTC' }

function aDevice(change: Partial<PushSubscription> = {}): PushSubscription {
  return {
    id: 'row-1',
    kind: 'web-push',
    deviceName: 'Firefox, Linux',
    deviceId: 'profile-1',
    host: 'updates.push.services.mozilla.com',
    createdAt: '2026-11-20T10:00:00Z',
    lastSeenAt: '2026-11-21T13:59:00Z',
    lastAcceptedAt: null,
    lastShownAt: null,
    lastError: null,
    ...change,
  }
}

function lineOf(facts: Partial<StatusFacts>) {
  const status = notificationStatus({
    capability: 'on',
    isAsking: false,
    device: aDevice(),
    unshown: null,
    ...facts,
  })
  const { title, text, sign, action } = statusWords(status, firefox, when)
  return { line: `${title} ${text}`.trim(), sign, action: action?.label ?? null }
}

test('each state has its one sentence, sign and action', () => {
  const states: readonly CapabilityState[] = [
    'not_asked',
    'off',
    'on',
    'broken',
    'blocked',
    'needs_install',
    'private_window',
    'unsupported',
    'insecure',
  ]
  expect(states.map((capability) => lineOf({ capability }))).toMatchInlineSnapshot(`
    [
      {
        "action": "Enable notifications",
        "line": "Notifications are off in this browser. Turn them on to hear of messages and calls while this tab is closed.",
        "sign": "bell",
      },
      {
        "action": "Enable notifications",
        "line": "Notifications are off in this browser. Turn them on to hear of messages and calls while this tab is closed.",
        "sign": "bell",
      },
      {
        "action": "Send test notification",
        "line": "On, but nothing has been delivered yet. A test takes a second and shows every step.",
        "sign": "plain",
      },
      {
        "action": "Repair",
        "line": "This browser lost its registration. It does not ring until you repair it. You will not be asked again.",
        "sign": "bell",
      },
      {
        "action": "Check again",
        "line": "Blocked for this site. How to unblock it in Firefox on Linux:",
        "sign": "bad",
      },
      {
        "action": null,
        "line": "On iPhone and iPad, add this app to the Home Screen first. Then open it from there and turn notifications on.",
        "sign": "bell",
      },
      {
        "action": "Copy the address",
        "line": "This browser cannot receive notifications. A private window keeps none. Open Belfry in a normal window, or sign in on your phone.",
        "sign": "plain",
      },
      {
        "action": "Copy the address",
        "line": "This browser cannot receive notifications. It has no way to be reached while the tab is closed. Open Belfry in a current Firefox, Chrome, Edge or Safari.",
        "sign": "plain",
      },
      {
        "action": null,
        "line": "This browser cannot receive notifications. The address does not begin with https, and browsers deliver only to those that do. Ask who runs this server for its https address.",
        "sign": "plain",
      },
    ]
  `)
})

test('while the browser asks, the line says so and offers nothing', () => {
  expect(lineOf({ capability: 'not_asked', isAsking: true })).toEqual({
    line: 'Your browser is asking. Choose **Allow** in the box at the top of the window.',
    sign: 'bell',
    action: null,
  })
})

test('on is proved by what the device showed, not by what the push service took', () => {
  const accepted = aDevice({ lastAcceptedAt: '2026-11-21T13:58:00Z' })
  expect(lineOf({ device: accepted }).line).toMatch(/^On, but nothing has been delivered yet\./)
  const shown = aDevice({ lastShownAt: '2026-11-21T13:58:00Z' })
  expect(lineOf({ device: shown })).toEqual({
    line: 'On in this browser. Last delivered 2 minutes ago.',
    sign: 'good',
    action: 'Send test notification',
  })
})

test('Apple never says what was shown, so its acceptance counts and is named', () => {
  const device = aDevice({ host: 'web.push.apple.com', lastAcceptedAt: '2026-11-21T13:58:00Z' })
  expect(lineOf({ device }).line).toBe('On in this browser. Apple last accepted one 2 minutes ago.')
})

test('a phone’s own word is the better proof; without it, what Expo took counts', () => {
  const taken = aDevice({
    kind: 'expo',
    host: 'exp.host',
    lastAcceptedAt: '2026-11-21T13:58:00Z',
  })
  const facts = { capability: 'on', isAsking: false, unshown: null } as const
  expect(notificationStatus({ ...facts, device: taken })).toMatchObject({
    kind: 'on',
    proof: 'accepted',
  })
  const shown = { ...taken, lastShownAt: '2026-11-21T13:00:00Z' }
  expect(notificationStatus({ ...facts, device: shown })).toMatchObject({
    kind: 'on',
    proof: 'shown',
    provedAtMs: Date.parse('2026-11-21T13:00:00Z'),
  })
})

test('a browser that the server does not know is broken', () => {
  expect(lineOf({ device: null })).toMatchObject({
    line: expect.stringMatching(/^This browser lost its registration\./),
    action: 'Repair',
  })
})

test('a test that was accepted and not shown points to the system, until something is shown', () => {
  const before = '2026-11-20T12:00:00Z'
  const silent = lineOf({
    device: aDevice({ lastShownAt: before }),
    unshown: { lastShownAt: before },
  })
  expect(silent).toEqual({
    line: 'Sent, but your device showed nothing. Check the system’s settings: in GNOME, Settings, Notifications, Firefox must be on, and Do Not Disturb off.',
    sign: 'bad',
    action: 'Test again',
  })
  const later = aDevice({ lastShownAt: '2026-11-21T13:59:30Z' })
  expect(lineOf({ device: later, unshown: { lastShownAt: before } }).sign).toBe('good')
})

test('nothing is claimed while the browser or the server has not answered', () => {
  expect(
    notificationStatus({ capability: null, isAsking: false, device: undefined, unshown: null })
      .kind,
  ).toBe('loading')
  expect(
    notificationStatus({ capability: 'on', isAsking: false, device: undefined, unshown: null })
      .kind,
  ).toBe('loading')
})
