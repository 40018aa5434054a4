import { expect } from 'vitest'
import type { PendingEvent, Store } from '../port.ts'
import { after, call, chatEvent, ended, incoming, message, numbered, t0 } from './samples.ts'
import { race, type StoreCases } from './store-lab.ts'

const later = t0 + 1_000_000

async function write(store: Store, n: number): Promise<PendingEvent> {
  const sent = message(n)
  await store.messages.insert(sent, [chatEvent(sent)])
  return { source: 'message', sourceId: sent.id, event: chatEvent(sent) }
}

export const outboxCases: StoreCases = {
  'events wait oldest first, whatever caused them, and the youngest are left alone': async ({
    store,
  }) => {
    const [third, first] = [await write(store, 30), await write(store, 10)]
    const ringing = call(20)
    await store.calls.insert(ringing, [incoming(ringing)])
    const second = { source: 'call', sourceId: ringing.call.sessionId, event: incoming(ringing) }
    expect(await store.outbox.pending(later, 10)).toEqual([first, second, third])
    expect(await store.outbox.pending(later, 2)).toEqual([first, second])
    expect(await store.outbox.pending(t0 + 30, 10)).toEqual([first, second])
    expect(await store.outbox.pending(t0 + 10, 10)).toEqual([])
  },
  'what waits is counted, up to a limit of messages and of calls': async ({ store }) => {
    const first = await write(store, 1)
    for (const n of [2, 3, 4]) await write(store, n)
    const ringing = call(20)
    await store.calls.insert(ringing, [incoming(ringing)])
    expect(await store.outbox.count(100)).toBe(5)
    expect(await store.outbox.count(2)).toBe(3)
    await store.outbox.confirm([first])
    expect(await store.outbox.count(100)).toBe(4)
  },
  'what the broker confirmed does not wait any more, also after a crash; the rest does': async (
    lab,
  ) => {
    const [one, two, three] = [
      await write(lab.store, 1),
      await write(lab.store, 2),
      await write(lab.store, 3),
    ]
    await lab.store.outbox.confirm([one, three])
    expect(await lab.store.outbox.pending(later, 10)).toEqual([two])
    const store = await lab.crash()
    expect(await store.outbox.pending(later, 10)).toEqual([two])
    expect(await store.messages.byId(numbered('m', 1))).toEqual(message(1))
  },
  'a confirm may come twice, from 50 at once, and for what is not there': async ({ store }) => {
    const [one, two] = [await write(store, 1), await write(store, 2)]
    await race(() => store.outbox.confirm([one]))
    await store.outbox.confirm([
      { ...one, sourceId: 'unknown' },
      { ...one, source: 'call' },
    ])
    await store.outbox.confirm([])
    expect(await store.outbox.pending(later, 10)).toEqual([two])
  },
  'the parts of one message to a large group wait and are confirmed each by itself': async ({
    store,
  }) => {
    const sent = message(1)
    const parts = [chatEvent(sent, ['bob']), chatEvent(sent, ['carol']), chatEvent(sent, ['dan'])]
    await store.messages.insert(sent, parts)
    expect(await store.outbox.pending(later, 2)).toHaveLength(2)
    await store.outbox.confirm([
      { source: 'message', sourceId: sent.id, event: chatEvent(sent, ['carol']) },
    ])
    const left = (await store.outbox.pending(later, 10)).map(({ event }) => event)
    expect(left).toEqual([parts[0], parts[2]])
  },
  'an event of the same call that came later is not confirmed by an earlier one, not even by its repeat':
    async ({ store }) => {
      const ringing = call(1)
      const cancelled = after(ringing, { type: 'cancel', userId: 'alice', atMs: t0 + 5 })
      const sourceId = ringing.call.sessionId
      const first: PendingEvent = { source: 'call', sourceId, event: incoming(ringing) }
      await store.calls.insert(ringing, [incoming(ringing)])
      await store.calls.compareAndSet(cancelled, [ended(cancelled.call, 'cancelled')])
      expect((await store.outbox.pending(later, 10)).map(({ event }) => event.type)).toEqual([
        'IncomingCallPushMessage',
        'CallEnded',
      ])
      await store.outbox.confirm([first])
      await store.outbox.confirm([first])
      const left: PendingEvent = {
        source: 'call',
        sourceId,
        event: ended(cancelled.call, 'cancelled'),
      }
      expect(await store.outbox.pending(later, 10)).toEqual([left])
      await store.outbox.confirm([left])
      expect(await store.outbox.pending(later, 10)).toEqual([])
    },
  'an event is recognised however its fields are ordered, and with empty ones': async ({
    store,
  }) => {
    const sent = await write(store, 1)
    const reordered = Object.fromEntries(Object.entries(chatEvent(message(1))).toReversed())
    const event = { ...chatEvent(message(1)), ...reordered, conversationTitle: undefined }
    await store.outbox.confirm([{ ...sent, event }])
    expect(await store.outbox.pending(later, 10)).toEqual([])
  },
  'an event confirmed while its call goes on leaves the call as it is': async ({ store }) => {
    const ringing = call(1)
    await store.calls.insert(ringing, [incoming(ringing)])
    await store.outbox.confirm([
      { source: 'call', sourceId: ringing.call.sessionId, event: incoming(ringing) },
    ])
    const next = after(ringing, { type: 'accept', userId: 'bob', deviceId: 'd1', atMs: t0 + 5 })
    expect(await store.calls.compareAndSet(next, [])).toBe(true)
    expect(await store.outbox.pending(later, 10)).toEqual([])
  },
}
