import { keep, kept, type KeyValueStorage } from './storage.ts'

/** What was begun and not sent yet, one text a conversation. */
export interface Drafts {
  get(conversationId: string): string
  /** An empty text forgets the draft. */
  set(conversationId: string, text: string): void
  /** All of them; the same object until one changes. */
  snapshot(): ReadonlyMap<string, string>
  subscribe(listener: () => void): () => void
  /** Forgets all of them, here and in the storage. */
  forget(): void
}

/** Kept in this browser for this person, also over a restart. */
export function createDrafts(storage: KeyValueStorage, userId: string): Drafts {
  const key = `belfry.drafts.${userId}`
  const listeners = new Set<() => void>()
  let drafts = read(storage, key)

  function change(next: ReadonlyMap<string, string>): void {
    drafts = next
    keep(storage, key, Object.fromEntries(drafts))
    for (const listener of listeners) listener()
  }

  return {
    get: (conversationId) => drafts.get(conversationId) ?? '',
    set(conversationId, text) {
      if (text === (drafts.get(conversationId) ?? '')) return
      const next = new Map(drafts)
      if (text.trim() === '') next.delete(conversationId)
      else next.set(conversationId, text)
      change(next)
    },
    snapshot: () => drafts,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    forget: () => change(new Map()),
  }
}

function read(storage: KeyValueStorage, key: string): ReadonlyMap<string, string> {
  const found = kept(storage, key)
  const drafts = new Map<string, string>()
  if (typeof found !== 'object' || found === null) return drafts
  for (const [conversationId, text] of Object.entries(found)) {
    if (typeof text === 'string') drafts.set(conversationId, text)
  }
  return drafts
}
