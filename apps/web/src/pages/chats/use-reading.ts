import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Conversation, Message } from '@belfry/contracts'
import { useApp } from '../../app/app-context.ts'
import { useLive } from '../../app/live-context.ts'
import { putRead, readUpTo } from '../../model/chat-cache.ts'

export interface ReadingOptions {
  readonly conversation: Conversation
  /** The newest message that is loaded. */
  readonly latest: Message | undefined
  /** Whether the end of the messages is in view. */
  readonly isAtLatest: boolean
}

/**
 * Marks as read what lies before the person's eyes, and remembers where the new messages began.
 * @returns the last message read before this visit; null when nothing was new
 */
export function useReading({ conversation, latest, isAtLatest }: ReadingOptions): string | null {
  const { api, queries } = useApp()
  const { me, attention } = useLive()
  const { id } = conversation
  const isSeen = useSyncExternalStore(attention.subscribe, () => attention.sees(id))
  const read = readUpTo(conversation, me.id)
  const [before, setBefore] = useState(() => (conversation.unreadCount > 0 ? (read ?? '') : null))

  useEffect(() => {
    attention.setConversation(id)
    return () => attention.setConversation(null)
  }, [attention, id])

  const latestId = latest?.id
  const hasNew = conversation.unreadCount > 0 || latest?.senderId !== me.id
  useEffect(() => {
    if (!isSeen || !isAtLatest || latestId === undefined || !hasNew) return
    if (latestId <= (read ?? '')) return
    putRead(queries, { conversationId: id, userId: me.id, messageId: latestId }, me.id)
    void api.markRead(id, latestId)
  }, [api, queries, id, me.id, isSeen, isAtLatest, latestId, hasNew, read])

  // What arrives while the tab is out of sight is new when the person comes back.
  const [wasSeen, setWasSeen] = useState(isSeen)
  const [leftAt, setLeftAt] = useState<string | null>(null)
  if (wasSeen !== isSeen) {
    setWasSeen(isSeen)
    if (!isSeen) setLeftAt(latestId ?? null)
    else if (leftAt !== null && latestId !== leftAt) setBefore(leftAt)
  }
  return before
}
