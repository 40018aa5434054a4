import { expect } from 'vitest'
import type { ExpoTicket } from '../../delivery/expo-ticket.ts'
import { t0, ticket } from './samples.ts'
import { race, type StoreCases } from './store-lab.ts'

const leaseMs = 30_000
const all = { nowMs: t0 + 1000, leaseMs, limit: 100 }
const numbersOf = (tickets: readonly ExpoTicket[]) => tickets.map(({ id }) => Number(id.slice(-6)))

export const expoTicketCases: StoreCases = {
  'tickets come when they are due, longest due first, with every field': async ({ store }) => {
    const bare = ticket(1, { projectId: null })
    await store.expoTickets.add([ticket(3), bare])
    await store.expoTickets.add([ticket(2)])
    expect(await store.expoTickets.take({ ...all, nowMs: t0 })).toEqual([])
    expect(await store.expoTickets.take({ ...all, nowMs: t0 + 2 })).toEqual([bare, ticket(2)])
    expect(await store.expoTickets.take(all)).toEqual([ticket(3)])
  },
  'adding nothing, or a ticket again, changes nothing': async ({ store }) => {
    await store.expoTickets.add([])
    await store.expoTickets.add([ticket(1)])
    await store.expoTickets.add([ticket(1, { askAtMs: t0 + 500, asked: 7 }), ticket(2)])
    expect(await store.expoTickets.take(all)).toEqual([ticket(1), ticket(2)])
    await store.expoTickets.add([ticket(1)])
    expect(await store.expoTickets.take(all)).toEqual([])
  },
  'no more are taken than asked for, and the rest is left for the next': async ({ store }) => {
    await store.expoTickets.add([1, 2, 3, 4, 5].map((n) => ticket(n)))
    expect(numbersOf(await store.expoTickets.take({ ...all, limit: 2 }))).toEqual([1, 2])
    expect(numbersOf(await store.expoTickets.take({ ...all, limit: 2 }))).toEqual([3, 4])
    expect(numbersOf(await store.expoTickets.take({ ...all, limit: 2 }))).toEqual([5])
  },
  'a ticket that was taken is held as long as its lease, and no longer': async ({ store }) => {
    await store.expoTickets.add([ticket(1)])
    expect(await store.expoTickets.take(all)).toEqual([ticket(1)])
    const endMs = all.nowMs + leaseMs
    expect(await store.expoTickets.take({ ...all, nowMs: endMs - 1 })).toEqual([])
    expect(await store.expoTickets.take({ ...all, nowMs: endMs })).toEqual([ticket(1)])
  },
  'of 50 who take at once no two are given the same ticket, and none is left': async ({
    store,
  }) => {
    const numbers = Array.from({ length: 60 }, (_, n) => n)
    await store.expoTickets.add(numbers.map((n) => ticket(n)))
    const taken = (await race(() => store.expoTickets.take({ ...all, limit: 7 }))).flat()
    // Who lost all that it looked at was given nothing, and comes again.
    for (let more = ['again']; more.length > 0;) {
      const rest = await store.expoTickets.take({ ...all, limit: 7 })
      taken.push(...rest)
      more = rest.map(({ id }) => id)
    }
    expect(numbersOf(taken).toSorted((a, b) => a - b)).toEqual(numbers)
  },
  'a ticket without a receipt is asked for again at its new time, and counts how often': async ({
    store,
  }) => {
    await store.expoTickets.add([ticket(1), ticket(2)])
    await store.expoTickets.take(all)
    await store.expoTickets.askAgain(['unknown', ticket(1).id], t0 + 5000)
    await store.expoTickets.askAgain([], t0)
    expect(await store.expoTickets.take({ ...all, nowMs: t0 + 4999 })).toEqual([])
    const again = ticket(1, { asked: 1, askAtMs: t0 + 5000 })
    expect(await store.expoTickets.take({ ...all, nowMs: t0 + 5000 })).toEqual([again])
    await store.expoTickets.askAgain([again.id], t0 + 6000)
    const twice = ticket(1, { asked: 2, askAtMs: t0 + 6000 })
    expect(await store.expoTickets.take({ ...all, nowMs: t0 + 6000 })).toEqual([twice])
  },
  'a ticket whose receipt was read is gone': async ({ store }) => {
    await store.expoTickets.add([ticket(1), ticket(2)])
    await store.expoTickets.remove([ticket(1).id, 'unknown'])
    await store.expoTickets.remove([])
    expect(await store.expoTickets.take(all)).toEqual([ticket(2)])
  },
  'tickets whose receipts are no more are forgotten, however many they are': async ({ store }) => {
    const old = Array.from({ length: 1100 }, (_, n) => ticket(n, { createdAtMs: t0 - 1 }))
    await store.expoTickets.add([...old, ticket(2000, { askAtMs: t0 })])
    await store.expoTickets.prune(t0)
    expect(numbersOf(await store.expoTickets.take({ ...all, limit: 2000 }))).toEqual([2000])
  },
  'after a crash no ticket is lost, and those that were taken come again once their lease is over':
    async (lab) => {
      await lab.store.expoTickets.add([ticket(1), ticket(2)])
      await lab.store.expoTickets.take({ ...all, limit: 1 })
      const store = await lab.crash()
      const later = { ...all, nowMs: all.nowMs + leaseMs }
      expect(await store.expoTickets.take(later)).toEqual([ticket(1), ticket(2)])
    },
}
