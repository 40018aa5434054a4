import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  call,
  chatEvent,
  deliveryKey,
  device,
  incoming,
  message,
  person,
  t0,
  ticket,
} from '../../src/store/conformance/samples.ts'
import { mongoStore } from '../../src/store/mongodb/mongo-store.ts'
import type { Store } from '../../src/store/port.ts'
import { openDatabase, serverUrl, type TestDatabase } from './database.ts'

/** Each store has connections and tokens of its own, as each process has. */
describe.skipIf(serverUrl === null)('with five processes', () => {
  let database: TestDatabase
  let stores: readonly Store[] = []

  beforeAll(async () => {
    database = await openDatabase('many')
    const opening = Array.from({ length: 5 }, () => mongoStore({ url: database.url }))
    stores = await Promise.all(opening)
    await database.keepOld()
  })

  beforeEach(() => database.empty())

  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()))
    await database.drop()
  })

  function race<T>(ask: (store: Store, racer: number) => Promise<T>): Promise<T[]> {
    return Promise.all(
      stores.flatMap((store, process) =>
        Array.from({ length: 10 }, (_, n) => ask(store, process * 10 + n)),
      ),
    )
  }

  test('all may start on an empty database at once', async () => {
    expect(await database.db.collection('people').indexes()).toHaveLength(4)
    await Promise.all(stores.map((store) => store.ping()))
  })

  test('one of 50 gets a name, and the others are told that it is taken', async () => {
    const answers = await race((store, n) =>
      store.people.insert(person(`u${n}`, { username: n % 2 === 0 ? 'Alice' : 'aLICE' })),
    )
    expect(answers.filter((answer) => answer === 'inserted')).toHaveLength(1)
    expect(answers.filter((answer) => answer === 'username_taken')).toHaveLength(49)
  })

  test('one of 50 sends of the same client id makes the message', async () => {
    const answers = await race((store, n) => {
      const mine = message(n, { clientMessageId: 'x' })
      return store.messages.insert(mine, [chatEvent(mine)])
    })
    expect(answers.filter(({ created }) => created)).toHaveLength(1)
    expect(new Set(answers.map((answer) => answer.message.id)).size).toBe(1)
  })

  test('one of 50 calls to the same person rings, and once it is over, one of the next 50', async () => {
    for (const round of [0, 1]) {
      const answers = await race((store, n) => {
        const mine = call(round * 100 + n, { openKey: 'alice>bob' })
        return store.calls.insert(mine, [incoming(mine)])
      })
      const [first] = answers.filter(({ created }) => created)
      expect(answers.filter(({ created }) => created)).toHaveLength(1)
      const { call: rings } = first?.call ?? call(0)
      expect(new Set(answers.map((answer) => answer.call.call.sessionId))).toEqual(
        new Set([rings.sessionId]),
      )
      const over = { ...rings, state: 'cancelled', revision: rings.revision + 1 } as const
      const next = { ...call(0, { openKey: 'alice>bob' }), call: over }
      expect(await stores[0]?.calls.compareAndSet(next, [])).toBe(true)
    }
    expect(await database.db.collection('calls').countDocuments()).toBe(2)
  })

  test('one of 50 registers an endpoint, or a device, however they mix', async () => {
    const answers = await race((store, n) =>
      store.devices.insert(
        device(`d${n}`, { endpointHash: `e${n % 2}`, deviceId: n % 3 === 0 ? 'laptop' : null }),
      ),
    )
    const inserted = answers.filter((answer) => answer === 'inserted').length
    const rows = await database.db.collection('devices').find().toArray()
    expect(rows).toHaveLength(inserted)
    expect(new Set(rows.map((row) => String(row['endpointHash']))).size).toBe(inserted)
    expect(rows.filter((row) => row['deviceId'] === 'laptop').length).toBeLessThanOrEqual(1)
  })

  test('each of five deliveries that 50 claim at once is claimed by one', async () => {
    const claims = await race((store) =>
      Promise.all(
        Array.from({ length: 5 }, (_, n) =>
          store.deliveries.claim(deliveryKey(`x${n}`), { nowMs: t0, leaseMs: 1000 }),
        ),
      ),
    )
    const claimed = claims.flat().filter(({ kind }) => kind === 'claimed')
    expect(claimed).toHaveLength(5)
  })

  test('each of 40 tickets of Expo is taken by one, and asked for again or forgotten once', async () => {
    const numbers = Array.from({ length: 40 }, (_, n) => n)
    await race((store) => store.expoTickets.add(numbers.map((n) => ticket(n))))
    const due = { nowMs: t0 + 1000, leaseMs: 1000, limit: 40 }
    const taken = (await race((store) => store.expoTickets.take(due))).flat()
    expect(taken.map(({ id }) => id).toSorted()).toEqual(numbers.map((n) => ticket(n).id))
    const ids = taken.map(({ id }) => id)
    await race(async (store, n) => {
      if (n % 2 === 0) await store.expoTickets.remove(ids.slice(0, 20))
      else if (n === 1) await store.expoTickets.askAgain(ids.toReversed(), t0)
    })
    const left = await stores[0]?.expoTickets.take({ ...due, nowMs: t0 })
    expect(left?.map(({ asked }) => asked)).toEqual(Array.from({ length: 20 }, () => 1))
  })

  test('several may clear up at once', async () => {
    await race((store, racer) =>
      Promise.all(
        Array.from({ length: 12 }, (_, n) =>
          store.deliveries.suppress(deliveryKey(`old${racer}-${n}`), 'muted', t0),
        ),
      ),
    )
    await Promise.all(stores.map((each) => each.deliveries.prune(t0 + 1)))
    expect(await database.db.collection('deliveries').countDocuments()).toBe(0)
  })

  test('a person’s preferences that several put at once are one of those', async () => {
    const quiet = { chat: false, calls: true, preview: 'sender', muted: [] } as const
    await race((store, n) =>
      store.preferences.put('alice', {
        ...quiet,
        muted: [{ conversationId: `c${n}`, until: null }],
      }),
    )
    expect(await stores[0]?.preferences.get('alice')).toMatchObject({ preview: 'sender' })
    expect(await database.db.collection('preferences').countDocuments()).toBe(1)
  })
})
