import { useSyncExternalStore } from 'react'
import { useParams } from 'react-router'
import type { Conversation } from '@belfry/contracts'
import { useApp } from '../../app/app-context.ts'
import { useLive } from '../../app/live-context.ts'
import { useNow } from '../../app/use-now.ts'
import { byLastMessage } from '../../model/chat-cache.ts'
import { conversationFace, conversationName, isGroup } from '../../model/conversation-words.ts'
import { rowPreview, rowTimeMs } from '../../model/row-preview.ts'
import { ConversationRow } from '../../ui/chats/conversation-row.tsx'
import { useMuted } from './use-muted.ts'

export interface ConversationListProps {
  readonly conversations: readonly Conversation[]
}

/** Rows, the one written to last first. */
export function ConversationList({ conversations }: ConversationListProps) {
  return (
    <ul className="rows">
      <ConversationRows conversations={byLastMessage(conversations)} />
    </ul>
  )
}

/** The rows alone, in the order given. */
export function ConversationRows({ conversations }: ConversationListProps) {
  const { times } = useApp()
  const { me, drafts, outbox } = useLive()
  const { id: openId } = useParams()
  const nowMs = useNow()
  const draftTexts = useSyncExternalStore(drafts.subscribe, drafts.snapshot)
  const unsent = useSyncExternalStore(outbox.subscribe, outbox.snapshot)
  const { isMuted } = useMuted()

  return conversations.map((conversation) => {
    const { id } = conversation
    const newest = unsent.findLast((message) => message.conversationId === id) ?? null
    const draft = id === openId ? '' : (draftTexts.get(id) ?? '')
    const atMs = rowTimeMs(conversation, newest)
    return (
      <ConversationRow
        key={id}
        path={`/chats/${encodeURIComponent(id)}`}
        faceId={conversationFace(conversation, me.id)}
        name={conversationName(conversation, me.id)}
        isGroup={isGroup(conversation)}
        time={atMs === null ? '' : times.row(atMs, nowMs)}
        preview={rowPreview({ conversation, meId: me.id, draft, unsent: newest })}
        unread={conversation.unreadCount}
        isMuted={isMuted(id)}
      />
    )
  })
}
