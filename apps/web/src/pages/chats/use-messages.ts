import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Message } from '@belfry/contracts'
import { useApp } from '../../app/app-context.ts'
import { messagesQuery } from '../../model/chat-queries.ts'

const none: readonly Message[] = []

/** The messages of a conversation as far as they are loaded, oldest first, and the way to more. */
export function useMessages(conversationId: string) {
  const { api } = useApp()
  const query = useInfiniteQuery(messagesQuery(api, conversationId))
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query
  const messages = useMemo(() => data?.pages.flat().toReversed() ?? none, [data])
  return {
    messages,
    isLoading: data === undefined && !query.isError,
    isFailed: data === undefined && query.isError,
    retry: () => void query.refetch(),
    hasOlder: hasNextPage,
    isLoadingOlder: isFetchingNextPage,
    hasOlderFailed: query.isFetchNextPageError,
    loadOlder: () => void fetchNextPage(),
  }
}
