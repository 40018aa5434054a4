import { useQuery } from '@tanstack/react-query'
import { unreadIn } from '../model/chat-cache.ts'
import { conversationsQuery } from '../model/chat-queries.ts'
import { useApp } from './app-context.ts'

/** Unread messages in all conversations. */
export function useUnreadCount(): number {
  const { api } = useApp()
  const { data } = useQuery({
    ...conversationsQuery(api),
    select: ({ conversations }) => unreadIn(conversations),
  })
  return data ?? 0
}
