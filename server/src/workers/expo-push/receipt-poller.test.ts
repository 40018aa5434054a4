import type { Receipt } from '@belfry/expo-push'
import { onTestFinished, expect, test, vi } from 'vitest'
import { silentLog } from '../../../test/delivery/delivery-lab.ts'
import type { ExpoTicket } from '../../delivery/expo-ticket.ts'
import type { FinalReceipt } from './on-receipt.ts'
import { startReceiptPoller } from './receipt-poller.ts'

const nowMs = 1_795_300_020_000
const minuteMs = 60_000

function ticket(id: string, ageMs = 15 * minuteMs): ExpoTicket {
  return {
    id,
    deliveryId: `delivery of ${id}`,
    deviceRowId: 'row',
    endpointHash: 'hash',
    projectId: null,
    asked: 0,
    askAtMs: nowMs,
    createdAtMs: nowMs - ageMs,
  }
}

interface World {
  readonly due: readonly ExpoTicket[]
  readonly says: (id: string) => Receipt
  readonly onReceipt?: (ticket: ExpoTicket) => Promise<void>
}

/** A poller over what is due, in memory; `quiet` resolves once it has looked and has nothing to do. */
function lab({ due, says, onReceipt = async () => {} }: World) {
  const waiting = [...due]
  const asked: string[] = []
  const read: Array<[string, FinalReceipt['kind']]> = []
  const removed: string[] = []
  const again: Array<[string, number]> = []
  const warnings: string[] = []
  let takes = 0
  const poller = startReceiptPoller({
    expoTickets: {
      async take({ limit }) {
        takes += 1
        return waiting.splice(0, limit)
      },
      askAgain: async (ids, atMs) => {
        again.push(...ids.map((id): [string, number] => [id, (atMs - nowMs) / minuteMs]))
      },
      remove: async (ids) => void removed.push(...ids),
    },
    sender: {
      receipts: async (ids) => {
        asked.push(...ids)
        return new Map(ids.map((id) => [id, says(id)]))
      },
    },
    onReceipt: async (which, receipt) => {
      read.push([which.id, receipt.kind])
      await onReceipt(which)
    },
    receiptDelayMs: 0,
    now: () => nowMs,
    log: {
      ...silentLog,
      warn: (_fields: unknown, line?: string) => void warnings.push(String(line)),
    },
  })
  onTestFinished(() => poller.stop())
  const looked = (times: number) => vi.waitFor(() => expect(takes).toBeGreaterThanOrEqual(times))
  return { poller, asked, read, removed, again, warnings, looked, takes: () => takes }
}

test('what Expo says is acted upon once, and the ticket is done with', async () => {
  const world = lab({ due: [ticket('a'), ticket('b')], says: () => ({ kind: 'ok' }) })
  await world.looked(2)
  expect(world.asked).toEqual(['a', 'b'])
  expect(world.read).toEqual([
    ['a', 'ok'],
    ['b', 'ok'],
  ])
  expect(world.removed.sort()).toEqual(['a', 'b'])
})

test('what is not ready is asked for at its next time; after the last one it is let go', async () => {
  const world = lab({
    due: [ticket('young'), ticket('older', 31 * minuteMs), ticket('oldest', 481 * minuteMs)],
    says: () => ({ kind: 'notReady' }),
  })
  await world.looked(2)
  expect(world.again).toEqual([
    ['young', 15],
    ['older', 89],
  ])
  expect(world.removed).toEqual(['oldest'])
  expect(world.read).toEqual([])
})

test('when Expo cannot be asked, the tickets are left to their lease and nothing is hammered', async () => {
  const failure = { kind: 'retry', reason: 'timeout', ambiguous: false } as const
  const due = Array.from({ length: 700 }, (_, n) => ticket(`t${n}`))
  const world = lab({ due, says: () => ({ kind: 'notAsked', failure }) })
  await world.looked(1)
  await vi.waitFor(() => expect(world.warnings).toHaveLength(1))
  expect(world.asked).toHaveLength(300)
  expect(world.removed).toEqual([])
  expect(world.again).toEqual([])
})

test('a long line of tickets is read hand by hand, without a pause', async () => {
  const due = Array.from({ length: 700 }, (_, n) => ticket(`t${n}`))
  const world = lab({ due, says: () => ({ kind: 'ok' }) })
  await vi.waitFor(() => expect(world.removed).toHaveLength(700))
  expect(world.takes()).toBe(3)
})

test('one that cannot be acted upon hinders none of the others, and comes again after its lease', async () => {
  const world = lab({
    due: [ticket('bad'), ticket('good')],
    says: () => ({ kind: 'ok' }),
    onReceipt: async ({ id }) => {
      if (id === 'bad') throw new Error('the store is away')
    },
  })
  await vi.waitFor(() => expect(world.warnings).toHaveLength(1))
  expect(world.removed).toEqual(['good'])
})
