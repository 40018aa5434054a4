import { SquarePen } from 'lucide-react'
import { useApp } from '../../app/app-context.ts'
import { useTitle } from '../../app/use-title.ts'
import { useUnreadCount } from '../../app/use-unread-count.ts'
import { useBell } from '../../app/use-bell.ts'
import { EnableButton } from '../../app/enable-button.tsx'
import { Button } from '../../ui/button.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Nothing } from '../../ui/nothing.tsx'
import { useConversations } from './use-conversations.ts'

/** Beside the list while no conversation is open: the way to a browser that rings, if it does not yet. */
export function Welcome({ onNew }: { readonly onNew: () => void }) {
  useTitle(null, useUnreadCount())
  const { phone } = useApp()
  const { kind } = useBell()
  const { data } = useConversations()
  if (kind === 'waits') {
    return (
      <Nothing>
        <Mark still size={72} />
        <div className="stack">
          <h2 className="heading">
            This {phone === null ? 'browser' : 'device'} does not ring yet
          </h2>
          <p>
            Turn notifications on to hear of messages and calls while{' '}
            {phone === null ? 'this tab' : 'the app'} is closed.
          </p>
        </div>
        <EnableButton>Enable notifications</EnableButton>
        {phone === null ? <p className="small faint">Rings while the browser is running.</p> : null}
      </Nothing>
    )
  }
  if (data === undefined || data.conversations.length === 0) return null
  return (
    <Nothing>
      <p>Choose a conversation, or start one.</p>
      <Button sign={SquarePen} onClick={onNew}>
        New conversation
      </Button>
    </Nothing>
  )
}
