import { expect, test } from 'vitest'
import { device } from '../../test/delivery/delivery-lab.ts'
import type { Delivery } from './delivery.ts'
import { createWithdraw } from './withdraw.ts'

const hourMs = 3_600_000

function stored(id: string, deviceRowId: string, createdAtMs: number): Delivery {
  return {
    id,
    eventId: `chat:c:${id}`,
    kind: 'chat_message',
    ownerId: 'bob',
    deviceRowId,
    subjectId: 'c',
    state: 'accepted',
    attempts: 1,
    leaseUntilMs: 0,
    nextAttemptAtMs: null,
    reason: null,
    status: 201,
    location: `https://push/m/${id}`,
    createdAtMs,
    settledAtMs: createdAtMs,
    shownAtMs: null,
    clickedAtMs: null,
    dismissedAtMs: null,
  }
}

function lab(input: { unshown: Delivery[]; unread?: number }) {
  const asked: string[] = []
  const withdraw = createWithdraw({
    deliveries: { unshown: async () => input.unshown },
    devices: { byId: async (id) => (id === 'removed' ? null : device({ id })) },
    messages: { unread: async () => new Map([['c', input.unread ?? 0]]) },
    sender: {
      withdraw: async ({ location }) => {
        asked.push(location)
        return true
      },
    },
    now: () => 100 * hourMs,
  })
  return { withdraw, asked }
}

test('the newest of each device is taken back: a Topic kept no other', async () => {
  const { withdraw, asked } = lab({
    unshown: [
      stored('3', 'desk', 99 * hourMs),
      stored('2', 'phone', 98 * hourMs),
      stored('1', 'desk', 97 * hourMs),
    ],
  })
  await withdraw('bob', 'c')
  expect(asked.sort()).toEqual(['https://push/m/2', 'https://push/m/3'])
})

test('nothing is taken back while something is unread: it shares its Topic with what was read', async () => {
  const { withdraw, asked } = lab({ unshown: [stored('1', 'desk', 99 * hourMs)], unread: 1 })
  await withdraw('bob', 'c')
  expect(asked).toEqual([])
})

test('what was taken back, has expired, or belonged to a device that is gone is not asked for', async () => {
  const { withdraw, asked } = lab({
    unshown: [
      stored('new', 'desk', 99 * hourMs),
      stored('old', 'phone', 70 * hourMs),
      stored('gone', 'removed', 99 * hourMs),
    ],
  })
  await withdraw('bob', 'c')
  await withdraw('bob', 'c')
  expect(asked).toEqual(['https://push/m/new'])
})
