/**
 * Which tab shows what, as far as this process has heard. Fed by broadcast, so that a worker in
 * another process knows it too. Only an optimisation: an entry that nobody repeats is gone after a minute.
 */
export interface PresenceBoard {
  note(entry: PresenceEntry): void
  /** Does a visible tab of this person's browser show that conversation? */
  isViewing(userId: string, deviceId: string, conversationId: string): boolean
}

export interface PresenceEntry {
  readonly userId: string
  readonly deviceId: string
  readonly tabId: string
  readonly visible: boolean
  readonly conversationId: string | null
  readonly untilMs: number
}

/** Enough for one node; those longest silent go first. */
const mostTabs = 100_000

export function createPresenceBoard(now: () => number): PresenceBoard {
  const tabs = new Map<string, PresenceEntry>()
  const byBrowser = new Map<string, Set<string>>()
  const browserOf = (userId: string, deviceId: string) => JSON.stringify([userId, deviceId])

  function forget(tabId: string): void {
    const entry = tabs.get(tabId)
    if (entry === undefined) return
    tabs.delete(tabId)
    const browser = browserOf(entry.userId, entry.deviceId)
    const rest = byBrowser.get(browser)
    rest?.delete(tabId)
    if (rest?.size === 0) byBrowser.delete(browser)
  }

  return {
    note(entry) {
      forget(entry.tabId)
      if (!entry.visible || entry.conversationId === null) return
      tabs.set(entry.tabId, entry)
      const browser = browserOf(entry.userId, entry.deviceId)
      byBrowser.set(browser, (byBrowser.get(browser) ?? new Set()).add(entry.tabId))
      const oldest = tabs.keys().next().value
      if (tabs.size > mostTabs && oldest !== undefined) forget(oldest)
    },
    isViewing(userId, deviceId, conversationId) {
      const tabIds = byBrowser.get(browserOf(userId, deviceId)) ?? []
      return [...tabIds].some((tabId) => {
        const entry = tabs.get(tabId)
        return entry?.conversationId === conversationId && entry.untilMs > now()
      })
    },
  }
}
