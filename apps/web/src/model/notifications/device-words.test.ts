import type { PushSubscription } from '@belfry/contracts'
import { expect, test } from 'vitest'
import { deviceKind, deviceWords, testResultWords } from './device-words.ts'

const when = { nowMs: Date.parse('2026-11-21T14:00:00Z'), locale: 'en-GB', timeZone: 'UTC' }
const device: PushSubscription = {
  id: 'row-1',
  kind: 'web-push',
  deviceName: 'Pixel 9',
  deviceId: null,
  host: 'fcm.googleapis.com',
  createdAt: '2026-11-20T10:00:00Z',
  lastSeenAt: '2026-11-21T13:00:00Z',
  lastAcceptedAt: null,
  lastShownAt: null,
  lastError: null,
}

test('a device says what it showed, else what was accepted for it, else that nothing was', () => {
  const lastAcceptedAt = '2026-11-21T13:58:00Z'
  const rows = [
    device,
    { ...device, lastAcceptedAt },
    { ...device, lastAcceptedAt, host: 'web.push.apple.com' },
    { ...device, lastAcceptedAt, lastShownAt: '2026-11-21T13:57:00Z' },
  ]
  expect(rows.map((row) => deviceWords(row, when).delivered)).toEqual([
    'Nothing delivered yet. Last seen today at 13:00',
    'Last accepted by the push service 2 minutes ago. Last seen today at 13:00',
    'Last accepted by Apple 2 minutes ago. Last seen today at 13:00',
    'Last delivered 3 minutes ago. Last seen today at 13:00',
  ])
})

test('the app on a phone says that it is the app, whatever the phone is called', () => {
  const lastAcceptedAt = '2026-11-21T13:58:00Z'
  const app = { ...device, kind: 'expo', host: 'exp.host', lastAcceptedAt } as const
  expect(deviceKind({ ...app, deviceName: 'Pocket' }, false)).toBe('phone')
  expect(deviceKind({ ...app, deviceName: 'iPad' }, false)).toBe('tablet')
  const said = (['android', 'ios', null] as const).map(
    (platform) => deviceWords({ ...app, platform }, when).delivered,
  )
  const since = 'Last accepted by Expo 2 minutes ago. Last seen today at 13:00'
  expect(said).toEqual([
    `The app on Android. ${since}`,
    `The app on iOS. ${since}`,
    `The app. ${since}`,
  ])
})

test('the last problem is a sentence', () => {
  expect(deviceWords({ ...device, lastError: 'The push service answered 503' }, when).problem).toBe(
    'The push service answered 503.',
  )
})

test('phones, tablets and computers are told apart by their names', () => {
  const named = (deviceName: string) => ({ ...device, deviceName })
  expect(deviceKind(named('Pixel 9'), false)).toBe('phone')
  expect(deviceKind(named('Safari, iPad'), false)).toBe('tablet')
  expect(deviceKind(named('Firefox, Linux'), true)).toBe('computer')
  expect(deviceKind(named('Firefox, Linux'), false)).toBe('screen')
})

test('a test of another device says what became of it', () => {
  const host = 'fcm.googleapis.com'
  expect(testResultWords({ id: 'row-1', outcome: 'accepted', status: 201, host })).toBe(
    'Accepted by fcm.googleapis.com. Look at the device.',
  )
  expect(testResultWords({ id: 'row-1', outcome: 'rejected', status: 403, host })).toBe(
    'fcm.googleapis.com did not take it: it answered 403.',
  )
})
