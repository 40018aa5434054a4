import type { Presence } from '@belfry/contracts'

/** What the person can see in this tab. The server withholds the pushes that it makes needless. */
export interface Attention {
  setVisible(isVisible: boolean): void
  /** The open conversation; null when none is. */
  setConversation(conversationId: string | null): void
  isVisible(): boolean
  /** Whether that conversation lies before the person's eyes now. */
  sees(conversationId: string): boolean
  /** The conversation that lies there, if any. */
  seen(): string | null
  subscribe(listener: () => void): () => void
}

export function createAttention(tell: (presence: Presence) => void): Attention {
  const listeners = new Set<() => void>()
  let isVisible = false
  let open: string | null = null

  function changed(): void {
    tell({ visible: isVisible, conversationId: open })
    for (const listener of listeners) listener()
  }

  return {
    setVisible(next) {
      if (next === isVisible) return
      isVisible = next
      changed()
    },
    setConversation(next) {
      if (next === open) return
      open = next
      changed()
    },
    isVisible: () => isVisible,
    sees: (conversationId) => isVisible && open === conversationId,
    seen: () => (isVisible ? open : null),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
