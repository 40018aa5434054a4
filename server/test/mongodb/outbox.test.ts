import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { chatEvent, message, numbered, t0 } from '../../src/store/conformance/samples.ts'
import { mongoStore } from '../../src/store/mongodb/mongo-store.ts'
import type { PendingEvent, Store } from '../../src/store/port.ts'
import { openDatabase, serverUrl, type TestDatabase } from './database.ts'

const later = t0 + 1_000_000
const sent = message(1)
const parts = Array.from({ length: 20 }, (_, n) => chatEvent(sent, [`u${n}`]))
const pendingOf = (event: PendingEvent['event']): PendingEvent => ({
  source: 'message',
  sourceId: sent.id,
  event,
})

/** What waits is found by `pendingSinceMs`, beside the events themselves: the two must never disagree for long. */
describe.skipIf(serverUrl === null)('the outbox in MongoDB', () => {
  let database: TestDatabase
  let store: Store

  beforeAll(async () => {
    database = await openDatabase('outbox')
    store = await mongoStore({ url: database.url })
  })

  beforeEach(() => database.empty())

  afterAll(async () => {
    await store.close()
    await database.drop()
  })

  const waiting = () =>
    database.db.collection('messages').countDocuments({ pendingSinceMs: { $exists: true } })

  test('a message whose parts are confirmed by as many at once waits no more', async () => {
    await store.messages.insert(sent, parts)
    await Promise.all(parts.map((event) => store.outbox.confirm([pendingOf(event)])))
    expect(await store.outbox.pending(later, 10)).toEqual([])
    expect(await waiting()).toBe(0)
  })

  test('a message of which one part is left still waits, since the beginning', async () => {
    await store.messages.insert(sent, parts)
    await store.outbox.confirm(parts.slice(1).map(pendingOf))
    expect(await store.outbox.pending(later, 10)).toEqual(parts.slice(0, 1).map(pendingOf))
    expect(await waiting()).toBe(1)
  })

  test('a message that a crash left without events but waiting is let go by the next look', async () => {
    await store.messages.insert(sent, [])
    await database.db.collection('messages').updateMany({}, { $set: { pendingSinceMs: t0 } })
    expect(await store.outbox.pending(later, 10)).toEqual([])
    expect(await waiting()).toBe(0)
  })

  test('of many that wait the oldest come first, however they were written', async () => {
    const order = Array.from({ length: 100 }, (_, n) => (n * 37) % 100)
    await Promise.all(order.map((n) => store.messages.insert(message(n), [chatEvent(message(n))])))
    const first = await store.outbox.pending(later, 5)
    expect(first.map(({ sourceId }) => sourceId)).toEqual(
      [0, 1, 2, 3, 4].map((n) => numbered('m', n)),
    )
  })
})
