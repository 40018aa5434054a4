import type { Outcome } from '@belfry/web-push'
import { expect, test } from 'vitest'
import { device } from '../../test/delivery/delivery-lab.ts'
import { fakeLedger } from '../../test/delivery/fake-ledger.ts'
import type { Device } from '../devices/device.ts'
import { createCapabilities } from './capabilities.ts'
import { createTestNotification } from './test-notification.ts'

const devices = [
  device({ id: 'firefox' }),
  device({ id: 'iphone', endpoint: 'https://web.push.apple.com/Q' }),
]

function lab(answer: (to: Device) => Outcome, appleHint: string | null = null) {
  const rows = new Map(devices.map((each) => [each.id, each]))
  const ledger = fakeLedger()
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
    channel: { send: async (to) => answer(to) },
    capabilities: createCapabilities('a secret of the tests, long enough'),
    announce: () => {},
    appUrl: 'https://app.example',
    now: () => 1_795_300_000_000,
    newId: () => String((ids += 1)),
    appleHint,
  })
  return { send, rows, ledger }
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
  const { send } = lab(() => ({ kind: 'accepted', status: 201 }), 'Set VAPID_SUBJECT.')
  const results = await send('bob', { only: null, kind: 'message' })
  expect(results.map((result) => result.hint)).toEqual([undefined, 'Set VAPID_SUBJECT.'])
})

test('what could not be sent now is not tried again: the person is looking', async () => {
  const { send, ledger } = lab(() => ({ kind: 'retry', reason: 'timeout', ambiguous: true }))
  const results = await send('bob', { only: 'firefox', kind: 'message' })
  expect(results).toMatchObject([{ outcome: 'retry', status: null }])
  expect([...ledger.rows.values()]).toMatchObject([{ state: 'expired', kind: 'test' }])
})
