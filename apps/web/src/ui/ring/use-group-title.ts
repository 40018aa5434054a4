import { useQuery } from '@tanstack/react-query'
import { useApp } from '../../app/app-context.ts'
import { conversationsQuery } from '../../model/chat-queries.ts'

/** The title of the group a call is for; null in a conversation of two, and while it is not known. */
export function useGroupTitle(conversationId: string | null): string | null {
  const { api } = useApp()
  const { data } = useQuery({ ...conversationsQuery(api), enabled: conversationId !== null })
  return data?.conversations.find((each) => each.id === conversationId)?.title ?? null
}
