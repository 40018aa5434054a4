import { useNavigate } from 'react-router'
import type { CreateConversationBody } from '@belfry/contracts'
import { useApp } from '../../app/app-context.ts'
import { useLive } from '../../app/live-context.ts'
import { putConversation } from '../../model/chat-cache.ts'
import { keys } from '../../model/query-keys.ts'
import { troubleWords } from '../../model/trouble-words.ts'

/** Begins a conversation, or finds the one there is, and goes there. Answers whether that worked. */
export function useOpenConversation(): (body: CreateConversationBody) => Promise<boolean> {
  const { api, queries } = useApp()
  const { toasts } = useLive()
  const navigate = useNavigate()
  return async (body) => {
    const reply = await api.createConversation(body)
    if (!reply.ok) {
      toasts.show({
        key: 'conversation failed',
        title: 'The conversation could not be opened',
        text: troubleWords(reply.problem),
        face: null,
        path: null,
      })
      return false
    }
    putConversation(queries, reply.value)
    void queries.invalidateQueries({ queryKey: keys.conversations })
    void navigate(`/chats/${encodeURIComponent(reply.value.id)}`)
    return true
  }
}
