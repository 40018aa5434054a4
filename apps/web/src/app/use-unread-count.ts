import { useQuery } from '@tanstack/react-query'
import { conversationsQuery } from '../model/chat-queries.ts'
import { useApp } from './app-context.ts'

/** Unread messages in all conversations. */
export function useUnreadCount(): number {
  const { api } = useApp()
  const { data } = useQuery({
    ...conversationsQuery(api),
    select: ({ conversations }) => conversations.reduce((sum, each) => sum + each.unreadCount, 0),
  })
  return data ?? 0
}
