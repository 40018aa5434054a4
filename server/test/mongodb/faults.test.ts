import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  after,
  call,
  chatEvent,
  conversation,
  deliveryKey,
  device,
  ended,
  incoming,
  message,
  numbered,
  person,
  t0,
  ticket,
} from '../../src/store/conformance/samples.ts'
import { mongoStore } from '../../src/store/mongodb/mongo-store.ts'
import type { Store } from '../../src/store/port.ts'
import { openDatabase, serverUrl, type TestDatabase } from './database.ts'
import { openWireProxy, type WireProxy } from './wire-proxy.ts'

interface Case {
  /** What is there before. */
  readonly given?: (store: Store) => Promise<unknown>
  /** The request whose answer is lost: its command and its collection. */
  readonly lost: readonly [command: string, collection: string]
  readonly act: (store: Store) => Promise<unknown>
  readonly answer: unknown
  /** How many documents the collection has then. Default 1. */
  readonly left?: number
}

const later = t0 + 1_000_000
const hello = message(1, { clientMessageId: 'x' })
const ringing = call(1)
const accepted = after(ringing, { type: 'accept', userId: 'bob', deviceId: 'd1', atMs: t0 + 5 })
const readHello = { conversationId: 'kitchen', userId: 'bob', messageId: hello.id }
const lease = { nowMs: t0, leaseMs: 1000 }
const kitchen = conversation('kitchen', ['alice', 'bob'], { directKey: 'alice+bob' })
const renewed = device('d1', { endpointHash: 'new', generation: 1 })
const due = { nowMs: t0 + 10, leaseMs: 1000, limit: 2 }
const claimed = (store: Store) => store.deliveries.claim(deliveryKey('x'), lease)

/** The answers are those of an operation that nothing happened to: its second try knows its own first one. */
const cases: Readonly<Record<string, Case>> = {
  'a person who registers has registered': {
    lost: ['insert', 'people'],
    act: (store) => store.people.insert(person('alice')),
    answer: 'inserted',
  },
  'a session that is ended was ended by this': {
    given: (store) => store.sessions.insert({ sid: 's', userId: 'alice', expiresAtMs: later }),
    lost: ['update', 'sessions'],
    act: (store) => store.sessions.end('s'),
    answer: true,
  },
  'two people’s conversation was made by this': {
    lost: ['insert', 'conversations'],
    act: (store) => store.conversations.insert(kitchen),
    answer: { conversation: kitchen, created: true },
  },
  'the first read mark was set by this': {
    lost: ['insert', 'readMarks'],
    act: (store) => store.conversations.markRead(readHello),
    answer: true,
  },
  'a read mark was moved by this': {
    given: (store) => store.conversations.markRead({ ...readHello, messageId: numbered('m', 0) }),
    lost: ['update', 'readMarks'],
    act: (store) => store.conversations.markRead(readHello),
    answer: true,
  },
  'a message was sent by this': {
    lost: ['insert', 'messages'],
    act: (store) => store.messages.insert(hello, [chatEvent(hello)]),
    answer: { message: hello, created: true },
  },
  'a message was sent by this, also when the order of the list was lost': {
    given: (store) => store.conversations.insert(kitchen),
    lost: ['update', 'conversations'],
    act: (store) => store.messages.insert(hello, [chatEvent(hello)]),
    answer: { message: hello, created: true },
  },
  'a call was begun by this': {
    lost: ['insert', 'calls'],
    act: (store) => store.calls.insert(ringing, [incoming(ringing)]),
    answer: { call: ringing, created: true },
  },
  'a call was accepted by this': {
    given: (store) => store.calls.insert(ringing, []),
    lost: ['update', 'calls'],
    act: (store) => store.calls.compareAndSet(accepted, [ended(accepted.call, 'accepted')]),
    answer: true,
  },
  'a device was registered by this': {
    lost: ['insert', 'devices'],
    act: (store) => store.devices.insert(device('d1', { deviceId: 'laptop' })),
    answer: 'inserted',
  },
  'a device was renewed by this': {
    given: (store) => store.devices.insert(device('d1')),
    lost: ['update', 'devices'],
    act: (store) => store.devices.replace(device('d1'), renewed),
    answer: 'replaced',
  },
  'a device was forgotten by this': {
    given: (store) => store.devices.insert(device('d1')),
    lost: ['delete', 'devices'],
    act: (store) => store.devices.remove('d1', { ownerId: 'bob' }),
    answer: true,
    left: 0,
  },
  'a delivery was claimed by this': {
    lost: ['insert', 'deliveries'],
    act: claimed,
    answer: { kind: 'claimed', attempt: 1 },
  },
  'a delivery was taken over by this': {
    given: claimed,
    lost: ['findAndModify', 'deliveries'],
    act: (store) => store.deliveries.claim(deliveryKey('x'), { nowMs: t0 + 1000, leaseMs: 1000 }),
    answer: { kind: 'claimed', attempt: 2 },
  },
  'a delivery was settled by this': {
    given: claimed,
    lost: ['update', 'deliveries'],
    act: (store) => store.deliveries.settle('x', { state: 'accepted' }, t0 + 5),
    answer: true,
  },
  'what Expo gave is stored once': {
    lost: ['insert', 'expoTickets'],
    act: (store) => store.expoTickets.add([ticket(1), ticket(2)]),
    answer: undefined,
    left: 2,
  },
  'what is due of Expo was taken by this, and no more of it': {
    given: (store) => store.expoTickets.add([ticket(1), ticket(2), ticket(3)]),
    lost: ['update', 'expoTickets'],
    act: async (store) => [await store.expoTickets.take(due), await store.expoTickets.take(due)],
    answer: [[ticket(1), ticket(2)], [ticket(3)]],
    left: 3,
  },
  'Expo was asked once more, not twice': {
    given: async (store) => {
      await store.expoTickets.add([ticket(1)])
      await store.expoTickets.take(due)
    },
    lost: ['update', 'expoTickets'],
    act: async (store) => {
      await store.expoTickets.askAgain([ticket(1).id], t0 + 2)
      return store.expoTickets.take(due)
    },
    answer: [ticket(1, { asked: 1, askAtMs: t0 + 2 })],
  },
  'a receipt was noted by this': {
    given: claimed,
    lost: ['update', 'deliveries'],
    act: (store) => store.deliveries.receipt('x', 'shown', t0 + 5),
    answer: true,
  },
}

describe.skipIf(serverUrl === null)('with a network that breaks', () => {
  let database: TestDatabase
  let proxy: WireProxy
  let store: Store
  const lines: string[] = []
  const note = (...said: unknown[]) => {
    lines.push(String(said.at(-1)))
  }

  beforeAll(async () => {
    database = await openDatabase('faults')
    proxy = await openWireProxy(serverUrl ?? '')
    store = await mongoStore({
      url: proxy.url(database.db.databaseName),
      log: { info: note, warn: note },
    })
    await database.keepOld()
  })

  beforeEach(async () => {
    await database.empty()
    lines.length = 0
  })

  afterEach(() => {
    proxy.thaw()
  })

  afterAll(async () => {
    await store.close()
    await proxy.close()
    await database.drop()
  })

  describe('the answer is lost after the write was made', () => {
    for (const [sentence, { given, lost, act, answer, left = 1 }] of Object.entries(cases)) {
      test(sentence, async () => {
        await given?.(store)
        const wasLost = proxy.loseAnswerTo(...lost)
        expect(await act(store)).toEqual(answer)
        await wasLost
        const [, collection] = lost
        expect(await database.db.collection(collection).countDocuments()).toBe(left)
      })
    }

    test('a message whose answer was lost has one event, and so has a call', async () => {
      const messageLost = proxy.loseAnswerTo('insert', 'messages')
      await store.messages.insert(hello, [chatEvent(hello)])
      await messageLost
      await store.calls.insert(ringing, [])
      const changeLost = proxy.loseAnswerTo('update', 'calls')
      await store.calls.compareAndSet(accepted, [ended(accepted.call, 'accepted')])
      await changeLost
      const events = (await store.outbox.pending(later, 10)).map(({ event }) => event.type)
      expect(events).toEqual(['ChatMessage', 'CallEnded'])
    })

    test('what the broker confirmed is confirmed', async () => {
      await store.messages.insert(hello, [chatEvent(hello)])
      const lost = proxy.loseAnswerTo('update', 'messages')
      await store.outbox.confirm(await store.outbox.pending(later, 10))
      await lost
      expect(await store.outbox.pending(later, 10)).toEqual([])
    })

    test('an answer to a question is asked for again', async () => {
      await store.people.insert(person('alice'))
      const lost = proxy.loseAnswerTo('find', 'people')
      expect(await store.people.byId('alice')).toEqual(person('alice'))
      await lost
    })
  })

  test('of 50 who claim one delivery while every connection is cut again and again, one is told that it has it', async () => {
    for (const id of ['x', 'y', 'z']) {
      const answering = Promise.all(
        Array.from({ length: 50 }, () => store.deliveries.claim(deliveryKey(id), lease)),
      )
      for (let cuts = 0; cuts < 3; cuts += 1) {
        const lost = proxy.loseAnswerTo('deliveries').then(() => 'lost')
        if ((await Promise.race([lost, answering])) !== 'lost') break
        proxy.cut()
      }
      const claimed = (await answering).filter(({ kind }) => kind === 'claimed')
      expect(claimed).toEqual([{ kind: 'claimed', attempt: 1 }])
    }
  })

  test('without a server every request is refused within six seconds, and once it is back all goes on', async () => {
    await store.people.insert(person('alice'))
    await proxy.down()
    const began = performance.now()
    const refused = await Promise.allSettled([
      store.people.byId('alice'),
      store.messages.insert(hello, [chatEvent(hello)]),
      store.ping(),
    ])
    expect(performance.now() - began).toBeLessThan(6000)
    for (const answer of refused) {
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'STORE_UNAVAILABLE' } })
    }
    await proxy.up()
    await store.ping()
    expect(await store.people.byId('alice')).toEqual(person('alice'))
    expect(await store.messages.insert(hello, [chatEvent(hello)])).toMatchObject({ created: true })
    expect(lines).toEqual([
      'Store: no MongoDB server takes writes; what needs one is refused until then',
      'Store: MongoDB takes writes again',
    ])
  })

  test('a link that swallows what it is given refuses within six seconds too, and recovers', async () => {
    await store.ping()
    proxy.freeze()
    const began = performance.now()
    await expect(store.ping()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    expect(performance.now() - began).toBeLessThan(6000)
    proxy.thaw()
    await store.ping()
  })

  test('a store cannot be opened without a server, and says so within six seconds', async () => {
    await proxy.down()
    const began = performance.now()
    const opening = mongoStore({ url: proxy.url('nowhere') })
    await expect(opening).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
      message: expect.stringMatching(
        /^MongoDB at 127\.0\.0\.1:\d+ \(MONGODB_URL\) .*nobody listens/,
      ),
    })
    expect(performance.now() - began).toBeLessThan(6000)
    await proxy.up()
    await store.ping()
  })
})
