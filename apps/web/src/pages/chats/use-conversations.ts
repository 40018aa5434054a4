import { useQuery } from '@tanstack/react-query'
import { useApp } from '../../app/app-context.ts'
import { conversationsQuery } from '../../model/chat-queries.ts'

/** Whether somebody can be rung changes without a word to us: it is asked again while the list is in sight. */
const againMs = 60_000

export function useConversations() {
  const { api } = useApp()
  return useQuery({ ...conversationsQuery(api), refetchInterval: againMs })
}
