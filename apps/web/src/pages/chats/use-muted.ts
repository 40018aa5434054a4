import { useMutation, useQuery } from '@tanstack/react-query'
import type { NotificationPreferences } from '@belfry/contracts'
import { useApp } from '../../app/app-context.ts'
import { preferencesQuery } from '../../model/chat-queries.ts'
import { isMuted, withMuted } from '../../model/muted.ts'
import { keys } from '../../model/query-keys.ts'
import { valueOf } from '../../model/request.ts'

export interface Muted {
  isMuted(conversationId: string): boolean
  /** Null while the preferences are not known. */
  readonly mute: ((conversationId: string, isMute: boolean) => void) | null
}

/** Which conversations say nothing, as the server's preferences have it. */
export function useMuted(): Muted {
  const { api, queries, clock } = useApp()
  const { data } = useQuery(preferencesQuery(api))
  const save = useMutation({
    mutationFn: (next: NotificationPreferences) => valueOf(api.savePreferences(next)),
    onMutate: (next) => queries.setQueryData(keys.preferences, next),
    onError: () => queries.invalidateQueries({ queryKey: keys.preferences }),
  })
  return {
    isMuted: (conversationId) => isMuted(data, conversationId, clock.now()),
    mute:
      data === undefined
        ? null
        : (conversationId, isMute) => save.mutate(withMuted(data, conversationId, isMute)),
  }
}
