import type { Api } from './api.ts'
import { keys } from './query-keys.ts'
import { valueOf } from './request.ts'

/** How many messages come at once. */
export const pageSize = 50

/** What a query is told of itself. */
interface Asked {
  readonly signal: AbortSignal
}

export function conversationsQuery(api: Api) {
  return {
    queryKey: keys.conversations,
    queryFn: ({ signal }: Asked) => valueOf(api.conversations(signal)),
  }
}

/** Pages of messages, the newest first; each next page is older. */
export function messagesQuery(api: Api, conversationId: string) {
  const first: string | undefined = undefined
  return {
    queryKey: keys.messages(conversationId),
    queryFn: async ({ signal, pageParam }: Asked & { readonly pageParam: string | undefined }) => {
      const page = { conversationId, before: pageParam, limit: pageSize }
      return (await valueOf(api.messages(page, signal))).messages
    },
    initialPageParam: first,
    getNextPageParam: (page: readonly { readonly id: string }[]) =>
      page.length < pageSize ? undefined : page[page.length - 1]?.id,
  }
}

export function peopleQuery(api: Api, query: string) {
  return {
    queryKey: keys.people(query),
    queryFn: ({ signal }: Asked) => valueOf(api.users(query, signal)),
  }
}

export function preferencesQuery(api: Api) {
  return {
    queryKey: keys.preferences,
    queryFn: ({ signal }: Asked) => valueOf(api.preferences(signal)),
  }
}
