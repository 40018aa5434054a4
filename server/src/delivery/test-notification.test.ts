import { expect, test } from 'vitest'
import { device } from '../../test/delivery/delivery-lab.ts'
import { fakeLedger } from '../../test/delivery/fake-ledger.ts'
import type { Device } from '../devices/device.ts'
import { phone } from '../store/conformance/samples.ts'
import { createCapabilities } from './capabilities.ts'
import type { ExpoContent } from './expo-push-channel.ts'
import type { SendOutcome } from './send-outcome.ts'
import { createTestNotification } from './test-notification.ts'

const browsers = [
  device({ id: 'firefox' }),
  device({ id: 'iphone', endpoint: 'https://web.push.apple.com/Q' }),
]

function lab(
  answer: (to: Device) => SendOutcome,
  {
    devices = browsers,
    appleHint = null,
  }: { devices?: readonly Device[]; appleHint?: string | null } = {},
) {
  const rows = new Map(devices.map((each) => [each.id, each]))
  const ledger = fakeLedger()
  const toPhones: Array<ExpoContent['message']> = []
  const tickets: Array<{ deliveryId: string; ticketId: unknown }> = []
  let ids = 0
  const send = createTestNotification({
    devices: {
      ofOwner: async () => [...rows.values()],
      note: async (id, _hash, news) => {
        const row = rows.get(id)
        if (row !== undefined) rows.set(id, { ...row, ...news })
      },
      remove: async (id) => rows.delete(id),
    },
    deliveries: ledger,
    webPush: { send: async (to) => answer(to) },
    expoPush: {
      send: async (to, { message }) => {
        toPhones.push(message)
        return answer(to)
      },
      noteAccepted: ({ order }, accepted) => {
        const ticketId = 'ticketId' in accepted ? accepted.ticketId : null
        tickets.push({ deliveryId: order.key.id, ticketId })
      },
    },
    capabilities: createCapabilities('a secret of the tests, long enough'),
    announce: () => {},
    appUrl: 'https://app.example',
    now: () => 1_795_300_000_000,
    newId: () => String((ids += 1)),
    appleHint,
    expoHost: 'exp.host',
  })
  return { send, rows, ledger, toPhones, tickets }
}

test('every device says what its push service answered', async () => {
  const { send, rows } = lab((to) =>
    to.id === 'firefox'
      ? { kind: 'accepted', status: 201 }
      : { kind: 'rejected', reason: 'unauthorized', status: 403, hint: 'Look at the subject.' },
  )
  expect(await send('bob', { only: null, kind: 'message' })).toEqual([
    {
      id: 'firefox',
      outcome: 'accepted',
      status: 201,
      host: 'updates.push.services.mozilla.com',
    },
    {
      id: 'iphone',
      outcome: 'rejected',
      status: 403,
      host: 'web.push.apple.com',
      hint: 'Look at the subject.',
    },
  ])
  expect(rows.get('firefox')?.lastAcceptedAtMs).toBe(1_795_300_000_000)
  expect(rows.get('iphone')?.lastError).toMatch(/operator/)
})

test('a 410 to a test forgets the device, as any other', async () => {
  const { send, rows } = lab(() => ({ kind: 'gone', status: 410, reason: 'unsubscribed' }))
  await send('bob', { only: 'firefox', kind: 'call' })
  expect([...rows.keys()]).toEqual(['iphone'])
})

test('a placeholder subject is named to the Apple device alone', async () => {
  const { send } = lab(() => ({ kind: 'accepted', status: 201 }), {
    appleHint: 'Set VAPID_SUBJECT.',
    devices: [...browsers, phone('pixel', { platform: 'ios' })],
  })
  const results = await send('bob', { only: null, kind: 'message' })
  expect(results.map((result) => result.hint)).toEqual([undefined, 'Set VAPID_SUBJECT.', undefined])
})

test('what could not be sent now is not tried again: the person is looking', async () => {
  const { send, ledger } = lab(() => ({ kind: 'retry', reason: 'timeout', ambiguous: true }))
  const results = await send('bob', { only: 'firefox', kind: 'message' })
  expect(results).toMatchObject([{ outcome: 'retry', status: null }])
  expect([...ledger.rows.values()]).toMatchObject([{ state: 'expired', kind: 'test' }])
})

test.each<[SendOutcome, RegExp]>([
  [{ kind: 'retry', reason: 'server_error', status: 503, ambiguous: false }, /in a minute/],
  [{ kind: 'retry', reason: 'rate_limited', status: 429, ambiguous: false }, /in a few minutes/],
  [{ kind: 'retry', reason: 'redirected', status: 307, ambiguous: false }, /operator/],
  [{ kind: 'retry', reason: 'timeout', ambiguous: true }, /may arrive all the same/],
  [
    { kind: 'rejected', reason: 'payload_too_large', status: 413, hint: 'Send a shorter one.' },
    /enable notifications there again/,
  ],
])(
  'what the test came to says what the person can do, and promises nothing: %j',
  async (outcome, advice) => {
    const { send, rows } = lab(() => outcome)
    const [result] = await send('bob', { only: 'firefox', kind: 'message' })
    expect(result?.hint).toMatch(advice)
    expect(result?.hint).not.toMatch(/try again by ourselves|shorter/)
    expect(rows.get('firefox')?.lastError).toBe(result?.hint)
  },
)

test('phones say what Expo answered, and their receipt will be asked for', async () => {
  const devices = [
    phone('pixel', { platform: 'android' }),
    phone('apple', { platform: 'ios' }),
    phone('old'),
  ]
  const { send, rows, tickets, ledger } = lab(
    (to) => {
      if (to.id === 'pixel') return { kind: 'accepted', status: 200, ticketId: 'ticket-1' }
      if (to.id === 'old') return { kind: 'gone', status: 200, reason: 'device_not_registered' }
      const hint = 'Upload a key.'
      return { kind: 'rejected', status: 200, reason: 'invalid_credentials', hint }
    },
    { devices },
  )
  const host = 'exp.host'
  expect(await send('bob', { only: null, kind: 'message' })).toEqual([
    { id: 'pixel', outcome: 'accepted', status: 200, host },
    { id: 'apple', outcome: 'rejected', status: 200, host, hint: 'Upload a key.' },
    { id: 'old', outcome: 'gone', status: 200, host, hint: expect.stringContaining('phone') },
  ])
  expect([...rows.keys()]).toEqual(['pixel', 'apple'])
  expect(rows.get('pixel')?.lastAcceptedAtMs).toBe(1_795_300_000_000)
  const [accepted] = [...ledger.rows.values()].filter(({ state }) => state === 'accepted')
  expect(tickets).toEqual([{ deliveryId: accepted?.id, ticketId: 'ticket-1' }])
})

test('a phone shows the test in the channel of what it stands for, and a tap opens the settings', async () => {
  const devices = [
    phone('pixel', { platform: 'android' }),
    phone('apple', { platform: 'ios' }),
    phone('unknown', { platform: null }),
  ]
  const { send, toPhones } = lab(() => ({ kind: 'accepted', status: 200, ticketId: null }), {
    devices,
  })
  await send('bob', { only: null, kind: 'call' })
  const [android, ios, unknown] = toPhones
  const both = {
    title: 'This is how a call rings',
    body: 'Notifications work on this phone.',
    priority: 'high',
    ttl: 60,
    data: {
      v: 1,
      type: 'test',
      kind: 'call',
      id: expect.any(String),
      receipt: expect.any(String),
      tag: 'test',
      url: '/settings/notification',
      ts: 1_795_300_000,
      exp: 1_795_300_060,
    },
  }
  const onAndroid = { tag: 'test', channelId: 'calls_v1' }
  const onIos = { collapseId: 'test', sound: 'default', interruptionLevel: 'time-sensitive' }
  expect(android).toEqual({ ...both, ...onAndroid })
  expect(ios).toEqual({ ...both, ...onIos })
  expect(unknown).toEqual({ ...both, ...onAndroid, ...onIos })
  await send('bob', { only: 'pixel', kind: 'message' })
  expect(toPhones.at(-1)).toMatchObject({ channelId: 'messages_v1' })
})
