import { ArrowDown } from 'lucide-react'
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { Conversation, Message } from '@belfry/contracts'
import { useApp } from '../../app/app-context.ts'
import { useLive } from '../../app/live-context.ts'
import { useNow } from '../../app/use-now.ts'
import { conversationName, isGroup, shortName } from '../../model/conversation-words.ts'
import { messageStream } from '../../model/message-stream.ts'
import { Button } from '../../ui/button.tsx'
import { MessageBones } from '../../ui/chats/message-bones.tsx'
import { MessageStream } from '../../ui/chats/message-stream.tsx'
import { Failed, Nothing } from '../../ui/nothing.tsx'
import { useMessages } from './use-messages.ts'
import { useReading } from './use-reading.ts'
import { useScroll } from './use-scroll.ts'

/** The messages of the open conversation: newest at the end, older ones as one scrolls up. */
export function ConversationMessages({ conversation }: { readonly conversation: Conversation }) {
  const { id } = conversation
  const { me, outbox } = useLive()
  const loaded = useMessages(id)
  const { messages, hasOlder, isLoadingOlder, hasOlderFailed, loadOlder } = loaded
  const allUnsent = useSyncExternalStore(outbox.subscribe, outbox.snapshot)
  const unsent = useMemo(
    () => allUnsent.filter(({ conversationId }) => conversationId === id),
    [allUnsent, id],
  )
  const onNearTop = useCallback(() => {
    if (!isLoadingOlder && !hasOlderFailed) loadOlder()
  }, [isLoadingOlder, hasOlderFailed, loadOlder])
  const { view, isAtLatest, toLatest } = useScroll({ hasOlder, onNearTop })
  const latest = messages[messages.length - 1]
  const readBeforeId = useReading({ conversation, latest, isAtLatest })
  const arrived = useArrivedBelow(messages, { isAtLatest, meId: me.id })

  // Who writes wants to see it, however far up they had read.
  const written = unsent.length
  useEffect(() => {
    if (written > 0) view.current?.scrollTo({ top: 0 })
  }, [written, view])

  if (loaded.isFailed && written === 0) {
    return (
      <Failed onRetry={loaded.retry}>
        The server did not answer. Your messages are still there.
      </Failed>
    )
  }
  if (loaded.isLoading && written === 0) return <MessageBones />
  if (messages.length === 0 && written === 0) return <NoMessages conversation={conversation} />
  return (
    <div className="messages-frame">
      {/* A scrolling region without controls has to be reachable by keyboard. */}
      <div className="messages" ref={view} tabIndex={0} role="log" aria-label="Messages">
        <div className="column stream">
          {hasOlderFailed ? (
            <Button look="quiet" small onClick={loadOlder}>
              Load older messages again
            </Button>
          ) : null}
          <Stream {...{ conversation, messages, unsent, readBeforeId }} />
        </div>
      </div>
      {isAtLatest ? null : (
        <Button className="latest" sign={ArrowDown} onClick={toLatest}>
          Latest
          {arrived > 0 ? <span className="badge">{arrived}</span> : null}
        </Button>
      )}
    </div>
  )
}

interface StreamProps {
  readonly conversation: Conversation
  readonly messages: readonly Message[]
  readonly unsent: ReturnType<ReturnType<typeof useLive>['outbox']['snapshot']>
  readonly readBeforeId: string | null
}

function Stream({ conversation, messages, unsent, readBeforeId }: StreamProps) {
  const { times } = useApp()
  const { me, outbox } = useLive()
  const nowMs = useNow()
  const { members, reads } = conversation
  const items = useMemo(() => {
    const memberIds = members.map((member) => member.id)
    const { dayKey } = times
    return messageStream({ messages, unsent, meId: me.id, reads, memberIds, readBeforeId, dayKey })
  }, [messages, unsent, me.id, reads, members, readBeforeId, times])
  const names = new Map(members.map((member) => [member.id, member.displayName]))
  return (
    <MessageStream
      items={items}
      times={times}
      nowMs={nowMs}
      nameOf={isGroup(conversation) ? (userId) => names.get(userId) ?? 'Somebody who left' : null}
      onRetry={outbox.retry}
      onDiscard={outbox.discard}
    />
  )
}

function NoMessages({ conversation }: { readonly conversation: Conversation }) {
  const { me } = useLive()
  const name = conversationName(conversation, me.id)
  return (
    <Nothing>
      <p>No messages yet. Write to {isGroup(conversation) ? name : shortName(name)}, or call.</p>
    </Nothing>
  )
}

interface ArrivedOptions {
  readonly isAtLatest: boolean
  readonly meId: string
}

/** How many messages of others came in below while one read further up. */
function useArrivedBelow(messages: readonly Message[], { isAtLatest, meId }: ArrivedOptions) {
  const latestId = messages[messages.length - 1]?.id ?? ''
  const [seenId, setSeenId] = useState(latestId)
  if (isAtLatest && seenId !== latestId) setSeenId(latestId)
  return messages.filter((message) => message.id > seenId && message.senderId !== meId).length
}
