import { useState } from 'react'
import { useParams } from 'react-router'
import { ConversationPage } from './conversation-page.tsx'
import { ConversationPane } from './conversation-pane.tsx'
import { NewConversationDialog } from './new-conversation-dialog.tsx'
import { Welcome } from './welcome.tsx'

/** The list of conversations beside the open one. */
export function ChatsPage() {
  const { id } = useParams()
  const [isChoosing, setChoosing] = useState(false)
  const begin = () => setChoosing(true)
  return (
    <>
      <ConversationPane onNew={begin} />
      <main className="main">
        {id === undefined ? <Welcome onNew={begin} /> : <ConversationPage key={id} id={id} />}
      </main>
      <NewConversationDialog isOpen={isChoosing} onOpenChange={setChoosing} />
    </>
  )
}
