import { expect } from 'vitest'
import { chatEvent, message, numbered, t0 } from './samples.ts'
import { race, type StoreCases } from './store-lab.ts'

const later = t0 + 1_000_000

export const messageCases: StoreCases = {
  'a message and its event are one write': async ({ store }) => {
    const hello = message(1, { text: 'Hello 👋\n{"$ne": null}', clientMessageId: 'x' })
    expect(await store.messages.insert(hello, [chatEvent(hello)])).toEqual({
      message: hello,
      created: true,
    })
    expect(await store.messages.byId(hello.id)).toEqual(hello)
    expect(await store.outbox.pending(later, 10)).toEqual([
      { source: 'message', sourceId: hello.id, event: chatEvent(hello) },
    ])
    expect(await store.messages.byId('unknown')).toBeNull()
  },
  'the same client id again gives the first message, and writes no event': async ({ store }) => {
    const first = message(1, { clientMessageId: 'x' })
    const again = message(2, { clientMessageId: 'x', text: 'again' })
    await store.messages.insert(first, [chatEvent(first)])
    expect(await store.messages.insert(again, [chatEvent(again)])).toEqual({
      message: first,
      created: false,
    })
    expect(await store.messages.byId(again.id)).toBeNull()
    expect(await store.outbox.pending(later, 10)).toHaveLength(1)
  },
  'of 50 sends with one client id at once, one makes the message and all are told the same one':
    async ({ store }) => {
      const answers = await race((racer) => {
        const mine = message(racer, { clientMessageId: 'x' })
        return store.messages.insert(mine, [chatEvent(mine)])
      })
      expect(answers.filter(({ created }) => created)).toHaveLength(1)
      expect(new Set(answers.map((answer) => answer.message.id)).size).toBe(1)
      expect(await store.messages.page('kitchen', { before: null, limit: 100 })).toHaveLength(1)
      expect(await store.outbox.pending(later, 100)).toHaveLength(1)
    },
  'a client id is its sender’s own, in its conversation': async ({ store }) => {
    const all = [
      message(1, { clientMessageId: 'x' }),
      message(2, { clientMessageId: 'x', senderId: 'bob' }),
      message(3, { clientMessageId: 'x', conversationId: 'cellar' }),
      message(4),
      message(5),
    ]
    for (const each of all)
      expect(await store.messages.insert(each, [])).toMatchObject({ created: true })
  },
  'the same insert again is safe without a client id too': async ({ store }) => {
    const hello = message(1)
    await store.messages.insert(hello, [chatEvent(hello)])
    expect(await store.messages.insert(hello, [chatEvent(hello)])).toEqual({
      message: hello,
      created: false,
    })
    expect(await store.outbox.pending(later, 10)).toHaveLength(1)
  },
  'a page is newest first, and begins before the id that was given': async ({ store }) => {
    for (const n of [3, 1, 5, 2, 4]) await store.messages.insert(message(n), [])
    await store.messages.insert(message(9, { conversationId: 'cellar' }), [])
    const ids = async (before: string | null) =>
      (await store.messages.page('kitchen', { before, limit: 2 })).map(({ id }) => id)
    expect(await ids(null)).toEqual([numbered('m', 5), numbered('m', 4)])
    expect(await ids(numbered('m', 4))).toEqual([numbered('m', 3), numbered('m', 2)])
    expect(await ids(numbered('m', 1))).toEqual([])
  },
  'the newest of each conversation, and nothing for an empty one': async ({ store }) => {
    for (const n of [1, 2]) await store.messages.insert(message(n), [])
    await store.messages.insert(message(3, { conversationId: 'cellar' }), [])
    const newest = await store.messages.newest(['kitchen', 'attic', 'cellar'])
    expect(newest.map(({ id }) => id).toSorted()).toEqual([numbered('m', 2), numbered('m', 3)])
    expect(await store.messages.newest([])).toEqual([])
  },
  'unread are the messages of others after one’s own mark': async ({ store }) => {
    for (const n of [1, 2, 3, 4]) await store.messages.insert(message(n), [])
    await store.messages.insert(message(5, { senderId: 'bob' }), [])
    await store.messages.insert(message(6, { conversationId: 'cellar' }), [])
    const before = await store.messages.unread('bob', ['kitchen', 'cellar', 'attic'])
    expect([before.get('kitchen'), before.get('cellar'), before.get('attic') ?? 0]).toEqual([
      4, 1, 0,
    ])
    await store.conversations.markRead({
      conversationId: 'kitchen',
      userId: 'bob',
      messageId: numbered('m', 3),
    })
    const after = await store.messages.unread('bob', ['kitchen'])
    expect(after.get('kitchen')).toBe(1)
    const hers = await store.messages.unread('alice', ['kitchen'])
    expect(hers.get('kitchen')).toBe(1)
  },
  'unread messages are counted up to a thousand': async ({ store }) => {
    await Promise.all(Array.from({ length: 1005 }, (_, n) => store.messages.insert(message(n), [])))
    expect((await store.messages.unread('bob', ['kitchen'])).get('kitchen')).toBe(1000)
  },
}
