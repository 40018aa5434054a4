import { expect } from 'vitest'
import { conversation, device, message, person, t0 } from './samples.ts'
import type { StoreCases } from './store-lab.ts'

const awkward = [
  '__proto__',
  'constructor',
  '{"$ne":null}',
  '$where',
  "'; DROP TABLE people; --",
  'ünï.cödé',
  'a.b',
  '👩‍👩‍👧',
]

export const wholeStoreCases: StoreCases = {
  'a store that can write answers a ping': async ({ store }) => {
    await expect(store.ping()).resolves.toBeUndefined()
  },
  'what was written is there after an orderly stop': async (lab) => {
    await lab.store.people.insert(person('alice'))
    await lab.store.conversations.insert(conversation('kitchen', ['alice', 'bob']))
    await lab.store.messages.insert(message(1), [])
    const store = await lab.reopen()
    expect(await store.people.byUsername('alice')).toEqual(person('alice'))
    expect(await store.conversations.ofMember('bob')).toEqual([
      conversation('kitchen', ['alice', 'bob']),
    ])
    expect(await store.messages.page('kitchen', { before: null, limit: 10 })).toEqual([message(1)])
  },
  'what was acknowledged is there after a crash': async (lab) => {
    await lab.store.people.insert(person('alice'))
    await lab.store.devices.insert(device('d1', { ownerId: 'alice' }))
    const store = await lab.crash()
    expect(await store.people.byId('alice')).toEqual(person('alice'))
    expect(await store.devices.ofOwner('alice')).toHaveLength(1)
  },
  'ids that mean something elsewhere are just ids here': async ({ store }) => {
    for (const [n, id] of awkward.entries()) {
      await store.people.insert(person(id))
      await store.conversations.insert(
        conversation(id, [id, 'bob'], { directKey: id, createdAtMs: t0 + n }),
      )
      await store.messages.insert(
        message(n, { id, conversationId: id, senderId: id, clientMessageId: id }),
        [],
      )
      await store.devices.insert(device(id, { ownerId: id, deviceId: id }))
      await store.preferences.put(id, { chat: true, calls: true, preview: 'none', muted: [] })
    }
    for (const id of awkward) {
      expect(await store.people.byId(id)).toEqual(person(id))
      expect(await store.messages.newest([id])).toHaveLength(1)
      expect(await store.devices.byDeviceId(id, id)).toMatchObject({ id })
      expect((await store.messages.unread('bob', [id])).get(id)).toBe(1)
    }
    const preferences = await store.preferences.getMany(awkward)
    expect([...preferences.keys()].toSorted()).toEqual(awkward.toSorted())
    expect(await store.conversations.ofMember('bob')).toHaveLength(awkward.length)
  },
}
