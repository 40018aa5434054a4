import { session as sessionSchema, type Session } from '@belfry/contracts'
import { keep, kept, type KeyValueStorage } from './storage.ts'

/** Who is signed in in this browser. Every tab sees the same. */
export interface SessionStore {
  get(): Session | null
  set(session: Session): void
  /**
   * Ends it here: `left` by the person, or `lost` because the server no longer knows the token.
   * Calling it when nobody is signed in changes nothing.
   */
  clear(how: 'left' | 'lost'): void
  /** The person signed out here: whoever comes next does not want to go where they were. */
  wasLeft(): boolean
  /** Hears of every change, also of those made in another tab. */
  subscribe(listener: () => void): () => void
  /** What another tab wrote: call it on the window's `storage` event. */
  refresh(): void
}

const key = 'belfry.session'

/** Where storage is full or forbidden, the session lives as long as the page. */
export function createSessionStore(storage: KeyValueStorage): SessionStore {
  const listeners = new Set<() => void>()
  let current = read(storage)
  let isLeft = false

  function change(next: Session | null): void {
    if (next?.token === current?.token) return
    current = next
    for (const listener of listeners) listener()
  }

  return {
    get: () => current,
    set(session) {
      isLeft = false
      keep(storage, key, session)
      change(session)
    },
    clear(how) {
      if (current !== null) isLeft = how === 'left'
      try {
        storage.removeItem(key)
      } catch {
        // Forbidden, so nothing was stored either.
      }
      change(null)
    },
    wasLeft: () => isLeft,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    refresh: () => change(read(storage)),
  }
}

function read(storage: KeyValueStorage): Session | null {
  const parsed = sessionSchema.safeParse(kept(storage, key))
  return parsed.success ? parsed.data : null
}
