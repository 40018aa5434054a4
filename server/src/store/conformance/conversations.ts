import { expect } from 'vitest'
import { conversation, message, numbered, t0 } from './samples.ts'
import { race, type StoreCases } from './store-lab.ts'

export const conversationCases: StoreCases = {
  'a conversation is found by id, with its members in their order': async ({ store }) => {
    const kitchen = conversation('kitchen', ['bob', 'alice', 'carol'], { title: 'Kitchen' })
    expect(await store.conversations.insert(kitchen)).toEqual({
      conversation: kitchen,
      created: true,
    })
    expect(await store.conversations.byId('kitchen')).toEqual(kitchen)
    expect(await store.conversations.byId('cellar')).toBeNull()
  },
  'two people who open their conversation 50 times at once have one': async ({ store }) => {
    const answers = await race((racer) =>
      store.conversations.insert(
        conversation(`c${racer}`, ['alice', 'bob'], { directKey: 'alice+bob' }),
      ),
    )
    expect(new Set(answers.map((answer) => answer.conversation.id)).size).toBe(1)
    expect(answers.filter(({ created }) => created)).toHaveLength(1)
    expect(await store.conversations.ofMember('bob')).toHaveLength(1)
  },
  'groups of the same people are different conversations': async ({ store }) => {
    await store.conversations.insert(conversation('c1', ['alice', 'bob', 'carol']))
    await store.conversations.insert(conversation('c2', ['alice', 'bob', 'carol']))
    expect(await store.conversations.ofMember('carol')).toHaveLength(2)
  },
  'the same insert again is safe, and says that it was not created': async ({ store }) => {
    const kitchen = conversation('kitchen', ['alice', 'bob'])
    await store.conversations.insert(kitchen)
    expect(await store.conversations.insert(kitchen)).toEqual({
      conversation: kitchen,
      created: false,
    })
    expect(await store.conversations.ofMember('alice')).toEqual([kitchen])
  },
  'a member’s conversations come with the last active first': async ({ store }) => {
    const ids = async () => (await store.conversations.ofMember('alice')).map(({ id }) => id)
    await store.conversations.insert(conversation('old', ['alice', 'bob'], { createdAtMs: t0 }))
    await store.conversations.insert(
      conversation('new', ['alice', 'carol'], { createdAtMs: t0 + 10 }),
    )
    await store.conversations.insert(
      conversation('other', ['bob', 'carol'], { createdAtMs: t0 + 20 }),
    )
    expect(await ids()).toEqual(['new', 'old'])
    await store.messages.insert(message(30, { conversationId: 'old' }), [])
    expect(await ids()).toEqual(['old', 'new'])
    expect(await store.conversations.ofMember('nobody')).toEqual([])
  },
  'a read mark only moves forward': async ({ store }) => {
    const mark = { conversationId: 'kitchen', userId: 'bob', messageId: numbered('m', 5) }
    expect(await store.conversations.markRead(mark)).toBe(true)
    expect(await store.conversations.markRead(mark)).toBe(false)
    expect(await store.conversations.markRead({ ...mark, messageId: numbered('m', 4) })).toBe(false)
    expect(await store.conversations.markRead({ ...mark, messageId: numbered('m', 6) })).toBe(true)
    expect(await store.conversations.readMarks(['kitchen'])).toEqual([
      { ...mark, messageId: numbered('m', 6) },
    ])
  },
  'of 50 marks set at once, the furthest stays': async ({ store }) => {
    const answers = await race((racer) =>
      store.conversations.markRead({
        conversationId: 'kitchen',
        userId: 'bob',
        messageId: numbered('m', (racer * 7) % 50),
      }),
    )
    expect(answers.some(Boolean)).toBe(true)
    expect(await store.conversations.readMarks(['kitchen'])).toEqual([
      { conversationId: 'kitchen', userId: 'bob', messageId: numbered('m', 49) },
    ])
  },
  'read marks are each member’s own, in each conversation': async ({ store }) => {
    await store.conversations.markRead({ conversationId: 'c1', userId: 'alice', messageId: 'm1' })
    await store.conversations.markRead({ conversationId: 'c1', userId: 'bob', messageId: 'm2' })
    await store.conversations.markRead({ conversationId: 'c2', userId: 'bob', messageId: 'm3' })
    const marks = await store.conversations.readMarks(['c1', 'c3'])
    expect(marks.map(({ userId, messageId }) => `${userId} ${messageId}`).toSorted()).toEqual([
      'alice m1',
      'bob m2',
    ])
    expect(await store.conversations.readMarks([])).toEqual([])
  },
}
