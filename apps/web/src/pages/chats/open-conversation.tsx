import { useSyncExternalStore } from 'react'
import type { Conversation } from '@belfry/contracts'
import { useLive } from '../../app/live-context.ts'
import {
  conversationFace,
  conversationName,
  isGroup,
  reachWords,
  shortName,
} from '../../model/conversation-words.ts'
import { Composer } from '../../ui/chats/composer.tsx'
import { ConversationHeader } from '../../ui/chats/conversation-header.tsx'
import { ConversationMessages } from './conversation-messages.tsx'
import { useMuted } from './use-muted.ts'
import { useStartCall } from './use-start-call.ts'

/** Header, messages, composer. */
export function OpenConversation({ conversation }: { readonly conversation: Conversation }) {
  const { me, drafts, outbox } = useLive()
  const { id } = conversation
  const name = conversationName(conversation, me.id)
  const inGroup = isGroup(conversation)
  const draft = useSyncExternalStore(drafts.subscribe, () => drafts.get(id))
  const startCall = useStartCall()
  const { isMuted, mute } = useMuted()

  function send(text: string): void {
    drafts.set(id, '')
    outbox.add(id, text)
  }

  return (
    <>
      <ConversationHeader
        name={name}
        isGroup={inGroup}
        faceId={conversationFace(conversation, me.id)}
        reach={reachWords(conversation.rings, inGroup)}
        canRing={conversation.rings.devices > 0}
        isMuted={isMuted(id)}
        onCall={(media) => void startCall({ conversationId: id, media })}
        onMute={mute === null ? null : (isMute) => mute(id, isMute)}
      />
      <ConversationMessages conversation={conversation} />
      <Composer
        label={`Message ${inGroup ? name : shortName(name)}`}
        text={draft}
        onChange={(text) => drafts.set(id, text)}
        onSend={send}
      />
    </>
  )
}
