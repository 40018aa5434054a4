/** The part of `localStorage` that the app needs. */
export interface KeyValueStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** The browser's storage, or the page's memory where the browser forbids it (its getter throws). */
export function openStorage(find: () => KeyValueStorage): KeyValueStorage {
  try {
    return find()
  } catch {
    // Cookies and site data are blocked: what we keep then lives as long as the page.
    return memoryStorage()
  }
}

export function memoryStorage(): KeyValueStorage {
  const values = new Map<string, string>()
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  }
}

/** Keeps a value; false when the storage is full or forbidden, and the value lives as long as the page. */
export function keep(storage: KeyValueStorage, key: string, value: unknown): boolean {
  try {
    storage.setItem(key, JSON.stringify(value))
    return true
  } catch {
    return false
  }
}

/** What was kept, unparsed; null when there is nothing, or nothing readable. */
export function kept(storage: KeyValueStorage, key: string): unknown {
  try {
    const stored = storage.getItem(key)
    return stored === null ? null : JSON.parse(stored)
  } catch {
    // Not JSON, so not ours, or forbidden.
    return null
  }
}
