import { expect, test } from 'vitest'
import { silentLog } from '../../test/delivery/delivery-lab.ts'
import { startHousekeeping } from './housekeeping.ts'

const hourMs = 3_600_000
const nowMs = Date.UTC(2026, 10, 21, 10)

test('at the start what has no use any more is forgotten: receipts of Expo after a day, deliveries after thirty', async () => {
  const before = new Map<string, number>()
  const pruned = (what: string) => ({
    prune: async (beforeMs: number) => void before.set(what, beforeMs),
  })
  const housekeeping = startHousekeeping({
    store: {
      deliveries: pruned('deliveries'),
      sessions: pruned('sessions'),
      expoTickets: pruned('expoTickets'),
    },
    now: () => nowMs,
    log: silentLog,
  })
  await housekeeping.stop()
  expect(Object.fromEntries(before)).toEqual({
    deliveries: nowMs - 30 * 24 * hourMs,
    sessions: nowMs,
    expoTickets: nowMs - 24 * hourMs,
  })
})
