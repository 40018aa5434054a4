import { Link } from 'react-router'
import { useLive } from '../../app/live-context.ts'
import { useTitle } from '../../app/use-title.ts'
import { useUnreadCount } from '../../app/use-unread-count.ts'
import { conversationName } from '../../model/conversation-words.ts'
import { Failed, Nothing } from '../../ui/nothing.tsx'
import { BareHeader, MessageBones } from '../../ui/chats/message-bones.tsx'
import { OpenConversation } from './open-conversation.tsx'
import { useConversations } from './use-conversations.ts'

/** A conversation by its address: waits for the list, which knows who is in it. */
export function ConversationPage({ id }: { readonly id: string }) {
  const { data, isError, isFetching, refetch } = useConversations()
  const conversation = data?.conversations.find((each) => each.id === id)
  const { me } = useLive()
  const name = conversation === undefined ? null : conversationName(conversation, me.id)
  useTitle(name, useUnreadCount())
  if (conversation !== undefined) return <OpenConversation conversation={conversation} />
  // One that was just begun, by us or by somebody else, may not be in the list yet.
  if (data === undefined ? !isError : isFetching) {
    return (
      <>
        <BareHeader />
        <MessageBones />
      </>
    )
  }
  if (data === undefined) {
    return (
      <>
        <BareHeader onlyOnPhone />
        <Failed onRetry={() => void refetch()}>
          The server did not answer. Your messages are still there.
        </Failed>
      </>
    )
  }
  return (
    <>
      <BareHeader onlyOnPhone />
      <Nothing>
        <p>There is no such conversation, or you are not in it.</p>
        <Link className="button" to="/chats">
          Go to chats
        </Link>
      </Nothing>
    </>
  )
}
