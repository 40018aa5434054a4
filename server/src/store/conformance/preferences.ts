import type { NotificationPreferences } from '@belfry/contracts'
import { expect } from 'vitest'
import type { StoreCases } from './store-lab.ts'

const quiet: NotificationPreferences = {
  chat: false,
  calls: true,
  preview: 'sender',
  muted: [{ conversationId: 'kitchen', until: null }],
}

export const preferenceCases: StoreCases = {
  'preferences are what was put last, and nobody else’s': async ({ store }) => {
    expect(await store.preferences.get('alice')).toBeNull()
    await store.preferences.put('alice', { ...quiet, preview: 'none' })
    await store.preferences.put('alice', quiet)
    expect(await store.preferences.get('alice')).toEqual(quiet)
    expect(await store.preferences.get('bob')).toBeNull()
  },
  'those of several at once leave out who has none': async ({ store }) => {
    await store.preferences.put('alice', quiet)
    await store.preferences.put('bob', { ...quiet, chat: true })
    const found = await store.preferences.getMany(['alice', 'carol', 'bob'])
    expect([...found.keys()].toSorted()).toEqual(['alice', 'bob'])
    expect(found.get('bob')).toEqual({ ...quiet, chat: true })
  },
}
